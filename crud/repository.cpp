#include "crud/repository.hpp"

#include <iterator>

namespace ocpi::crud {

boost::asio::awaitable<result<revision>> save(Crud& crud, std::string_view module,
                                              interface_side side, document document,
                                              std::optional<revision> base)
{
    if (!base) co_return co_await crud.create(module, side, std::move(document));
    auto saved = co_await crud.update(module, side, std::move(document), *base);
    if (saved.has_error() && saved.error().code() == errc::not_found) {
        co_return revision_mismatch();
    }
    co_return saved;
}

boost::asio::awaitable<result<std::vector<record>>> list_all(Crud& crud, std::string_view module,
                                                             interface_side side)
{
    std::vector<record> all;
    list_query query;
    query.limit = 1000;
    for (;;) {
        auto page = co_await crud.list(module, side, query);
        if (page.has_error()) co_return page.error();
        query.offset += page->records.size();
        std::move(page->records.begin(), page->records.end(), std::back_inserter(all));
        if (page->is_last_page) co_return all;
    }
}

}  // namespace ocpi::crud
