#include "modules/sessions/session_lookup.hpp"

#include "http/management_access.hpp"

#include <utility>

namespace ocpi::sessions {

boost::asio::awaitable<result<crud::record>> find_visible(session_writer& sessions,
                                                          const auth::principal& caller,
                                                          std::string view_id)
{
    const auto settled = co_await sessions.settle_overdue();
    if (settled.has_error()) co_return settled.error();
    auto found = co_await sessions.reader().find_by_view_id(
        crud::interface_side::sender, std::move(view_id), http::visible_contracts(caller));
    if (found.has_error()) {
        if (found.error().code() == errc::not_found) co_return http::not_found();
        co_return found.error();
    }
    const auto& contract = found->document.contract;
    const bool may_see =
        http::is_operator(caller) || (contract && http::has_contract(caller, *contract));
    if (!may_see) co_return http::not_found();
    co_return found;
}

}  // namespace ocpi::sessions
