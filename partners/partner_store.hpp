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

/// The partners, kept through the Crud port. Safe from any thread and from several processes at
/// once: a change names the revision it is based on.
class partner_store {
public:
    explicit partner_store(std::shared_ptr<Crud> crud);

    /// All partners, those of the past included, in the order in which they came.
    boost::asio::awaitable<result<std::vector<stored_partner>>> list();

    /// The partner of that name; nothing when there never was one.
    boost::asio::awaitable<result<std::optional<stored_partner>>> find(std::string name);

    /// The registered partner that stands for that party in that role; std::nullopt when there is
    /// none.
    boost::asio::awaitable<result<std::optional<partner>>> find_by_role(credentials_role role);

    /// Stores a changed partner; errc::conflict when it is not at that revision any more. Without
    /// a revision it must be new, else errc::already_exists.
    boost::asio::awaitable<result<crud::revision>> save(partner changed,
                                                        std::optional<crud::revision> base);

    /// Changes the partner as it stands by now, and again when another was quicker; what `change`
    /// returns as an error ends that. errc::not_found when there is no such partner.
    using change = std::function<result<void>(partner&)>;
    boost::asio::awaitable<result<partner>> amend(std::string name, change make);

    /// Notes in which form the registered partner of that name takes the token by which we call
    /// it. errc::not_found when there is no such partner with that token; errc::already_exists
    /// when that was known.
    boost::asio::awaitable<result<void>> keep_token_form(std::string name, std::string token,
                                                         token_form form);

    /// From now on the token of that hash is a matter of that partner alone: it counts if, and
    /// as long as, the partner's record has it among its inbound tokens. Until there is such a
    /// record, nothing changes.
    boost::asio::awaitable<result<void>> bind_token(std::string token_hash, std::string name);

    /// The partner to which the token of that hash was bound, if it has a record by now.
    boost::asio::awaitable<result<std::optional<stored_partner>>> find_bound(
        std::string token_hash);

    /// Grows whenever save() of this very object has changed something: what was remembered of
    /// partners before is then out of date.
    std::uint64_t changes() const noexcept { return changes_.load(std::memory_order_acquire); }

private:
    std::shared_ptr<Crud> crud_;
    crud::repository<partner> records_;
    std::atomic<std::uint64_t> changes_{0};
};

}  // namespace ocpi::partners
