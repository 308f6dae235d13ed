#include "crud/crud.hpp"

#include "crud/errors.hpp"

#include <algorithm>

namespace ocpi {

boost::asio::awaitable<result<crud::record>> Crud::get_concerning(std::string_view module,
                                                                  crud::interface_side side,
                                                                  crud::record_key key,
                                                                  std::vector<party> emsps)
{
    auto found = co_await get(module, side, std::move(key));
    if (found.has_error()) co_return found;
    const auto& emsp = found->document.emsp;
    if (!emsp || std::find(emsps.begin(), emsps.end(), *emsp) == emsps.end()) {
        co_return crud::no_such_record();
    }
    co_return found;
}

}  // namespace ocpi
