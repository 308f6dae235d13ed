#pragma once

#include "crud/repository.hpp"
#include "ocpi/base/error.hpp"
#include "partners/partner.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::partners {

/// A partner as the store holds it.
using stored_partner = crud::stored<partner>;

/// Partners, stored through the Crud port. Safe from any thread and from several processes at once:
/// a change names the revision it is based on.
class partner_store {
public:
    explicit partner_store(std::shared_ptr<Crud> crud);

    /// All partners, former ones included, in order of creation.
    boost::asio::awaitable<result<std::vector<stored_partner>>> list();

    /// The partner of that name; std::nullopt when there never was one.
    boost::asio::awaitable<result<std::optional<stored_partner>>> find(std::string name);

    /// The registered partner with that party in that role; std::nullopt when there is none.
    boost::asio::awaitable<result<std::optional<partner>>> find_by_role(credentials_role role);

    /// Stores a changed partner; errc::conflict when it is no longer at that revision. Without a
    /// revision the partner must be new, else errc::already_exists.
    boost::asio::awaitable<result<crud::revision>> save(partner changed,
                                                        std::optional<crud::revision> base);

    /// Updates the current partner with `make`, again on write conflict; an error returned by
    /// `make` aborts. errc::not_found when there is no such partner.
    using change = std::function<result<void>(partner&)>;
    boost::asio::awaitable<result<partner>> update_with(std::string name, change make);

    /// Stores the form in which the registered partner accepts the token by which we call it.
    /// errc::not_found when there is no such partner with that token; errc::already_exists when
    /// unchanged.
    boost::asio::awaitable<result<void>> keep_token_form(std::string name, std::string token,
                                                         token_form form);

    /// Binds the token of that hash to the partner: it is valid while the partner's record has it
    /// among its inbound tokens. No effect until there is such a record.
    boost::asio::awaitable<result<void>> bind_token(std::string token_hash, std::string name);

    /// The partner to which the token of that hash is bound, if it has a record.
    boost::asio::awaitable<result<std::optional<stored_partner>>> find_bound(
        std::string token_hash);

    /// Increases with every change by save() of this object, which outdates cached partners.
    std::uint64_t changes() const noexcept { return changes_.load(std::memory_order_acquire); }

private:
    std::shared_ptr<Crud> crud_;
    crud::repository<partner> records_;
    std::atomic<std::uint64_t> changes_{0};
};

}  // namespace ocpi::partners
