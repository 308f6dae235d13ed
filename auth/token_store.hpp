#pragma once

#include "auth/principal.hpp"
#include "crud/crud.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::auth {

/// True for 1 to 64 characters U+0021 to U+007E [OCPI credentials, token].
bool is_valid_token(std::string_view token) noexcept;

/// The access tokens issued by this server, stored through the Crud port as SHA-256 only. Safe from
/// any thread and from several processes at once.
class token_store {
public:
    explicit token_store(std::shared_ptr<Crud> crud) : crud_(std::move(crud)) {}

    /// Adds `token` for `identity`. errc::already_exists when the name is taken (names ignore
    /// case), errc::invalid when the token is not valid.
    boost::asio::awaitable<result<void>> add(principal identity, std::string token);

    /// All identities, in the order in which they were added.
    boost::asio::awaitable<result<std::vector<principal>>> list();

    /// Revokes the token of that name. errc::not_found.
    boost::asio::awaitable<result<void>> revoke(std::string name);

    /// The identity of a token, by its hash (hash_token); nullptr when unknown.
    boost::asio::awaitable<result<std::shared_ptr<const principal>>> find(std::string token_hash);

private:
    boost::asio::awaitable<result<void>> remove_name(crud::object_key name,
                                                     crud::revision expected);

    std::shared_ptr<Crud> crud_;
};

}  // namespace ocpi::auth
