#pragma once

#include "crud/crud.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/push_target.hpp"
#include "ocpi/base/error.hpp"
#include "partners/partner_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::exchange {

/// What is stored of a partner to which sessions are pushed.
struct delivery_target {
    std::string partner;
    std::shared_ptr<const push_target> target;
    /// std::nullopt: the push to the partner has not begun.
    std::optional<push_progress> progress;
};

enum class delivery {
    not_due,  ///< no partner must have the session
    done,     ///< the partner has its last state
    lacking,  ///< the partner lacks it, or it is not known whether it must have it
    unclear,  ///< only the session's acknowledgement tells
};

/// Whether the partner that must have a session has it, as far as its progress tells. `of`: the
/// partner of its eMSP; nullptr if there is none.
delivery delivery_of(const crud::record& session, const delivery_target* of);

/// Where the session's acknowledgement decides: true if it says that the partner has this revision.
bool is_acknowledged(const crud::record& session, const delivery_target& of,
                     const std::optional<stored_acknowledgement>& found);

/// Which sessions the partners have, as stored when it was loaded: a partner may have more since.
class delivery_records {
public:
    /// Reads the partners and their progress.
    static boost::asio::awaitable<result<delivery_records>> load(
        std::shared_ptr<Crud> crud, std::shared_ptr<partners::partner_store> partners);

    /// The name of the partner that lacks the session; std::nullopt if no partner does.
    boost::asio::awaitable<result<std::optional<std::string>>> partner_lacking(
        const crud::record& session);

private:
    explicit delivery_records(std::shared_ptr<Crud> crud) : acknowledgements_(std::move(crud)) {}

    const delivery_target* find(const std::optional<party>& emsp) const;

    acknowledgements acknowledgements_;
    std::vector<delivery_target> targets_;
};

}  // namespace ocpi::exchange
