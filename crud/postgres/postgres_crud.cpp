#include "crud/postgres/postgres_crud.hpp"

#include "crud/errors.hpp"
#include "crud/postgres/postgres_leases.hpp"
#include "crud/postgres/reads.hpp"
#include "crud/postgres/store.hpp"

#include <utility>

namespace ocpi::crud {

using boost::asio::awaitable;

namespace {

postgres::write make_write(std::string_view module, const std::optional<held_lease>& fence)
{
    postgres::write made;
    made.module = module;
    made.fence = fence;
    return made;
}

awaitable<result<revision>> run_for_revision(postgres::store& on, postgres::write wanted)
{
    auto answer = co_await on.run(std::move(wanted));
    if (answer.has_error()) co_return answer.error();
    co_return answer->revision;
}

}  // namespace

postgres_crud::postgres_crud(const postgres_options& options)
    : store_(std::make_shared<postgres::store>(options))
{
}

postgres_crud::postgres_crud(std::shared_ptr<postgres::store> shared, held_lease fence)
    : store_(std::move(shared)), fence_(std::move(fence))
{
}

postgres_crud::~postgres_crud() = default;

awaitable<result<record>> postgres_crud::get(std::string_view module, interface_side,
                                             object_key key)
{
    auto work = [module = std::string(module), key = std::move(key)](postgres::connection& on) {
        return postgres::find_record(on, module, key);
    };
    return store_->read<record>(postgres::read_kind::find, std::move(work));
}

awaitable<result<record>> postgres_crud::get_if_visible_to(std::string_view module, interface_side,
                                                           object_key key, std::vector<party> emsps)
{
    auto work = [module = std::string(module), key = std::move(key),
                 emsps = std::move(emsps)](postgres::connection& on) {
        return postgres::find_visible_record(on, module, key, emsps);
    };
    return store_->read<record>(postgres::read_kind::find, std::move(work));
}

awaitable<result<record>> postgres_crud::find_by_secondary_key(std::string_view module,
                                                               interface_side, std::string key,
                                                               record_filter filter)
{
    auto work = [module = std::string(module), key = std::move(key),
                 filter = std::move(filter)](postgres::connection& on) {
        return postgres::find_record_by_secondary_key(on, module, key, filter);
    };
    return store_->read<record>(postgres::read_kind::find, std::move(work));
}

awaitable<result<page>> postgres_crud::list(std::string_view module, interface_side,
                                            list_query query)
{
    auto work = [module = std::string(module), query = std::move(query)](postgres::connection& on) {
        return postgres::list_records(on, module, query);
    };
    return store_->read<page>(postgres::read_kind::list, std::move(work));
}

awaitable<result<sorted_page>> postgres_crud::list_sorted(std::string_view module, interface_side,
                                                          sorted_query query)
{
    auto work = [module = std::string(module), query = std::move(query)](postgres::connection& on) {
        return postgres::list_sorted_records(on, module, query);
    };
    return store_->read<sorted_page>(postgres::read_kind::list, std::move(work));
}

awaitable<result<changes_page>> postgres_crud::list_changes(std::string_view module, interface_side,
                                                            changes_query query)
{
    auto work = [module = std::string(module), query = std::move(query)](postgres::connection& on) {
        return postgres::list_changed_records(on, module, query);
    };
    return store_->read<changes_page>(postgres::read_kind::list, std::move(work));
}

awaitable<result<search_page>> postgres_crud::search(std::string_view module, interface_side,
                                                     search_query query)
{
    auto work = [module = std::string(module), query = std::move(query)](postgres::connection& on) {
        return postgres::search_records(on, module, query);
    };
    return store_->read<search_page>(postgres::read_kind::list, std::move(work));
}

awaitable<result<std::optional<totals>>> postgres_crud::find_totals(std::string_view module,
                                                                    interface_side,
                                                                    totals_query query)
{
    auto work = [module = std::string(module), query = std::move(query)](postgres::connection& on) {
        return postgres::sum_records(on, module, query);
    };
    return store_->read<std::optional<totals>>(postgres::read_kind::list, std::move(work));
}

awaitable<result<revision>> postgres_crud::find_latest_revision()
{
    auto work = [](postgres::connection& on) { return postgres::find_latest_revision(on); };
    return store_->read<revision>(postgres::read_kind::find, std::move(work));
}

awaitable<result<revision>> postgres_crud::create(std::string_view module, interface_side,
                                                  document document)
{
    auto wanted = make_write(module, fence_);
    wanted.change = postgres::create_record{std::move(document)};
    return run_for_revision(*store_, std::move(wanted));
}

awaitable<result<revision>> postgres_crud::update(std::string_view module, interface_side,
                                                  document document, revision expected)
{
    auto wanted = make_write(module, fence_);
    wanted.change = postgres::update_record{std::move(document), expected};
    return run_for_revision(*store_, std::move(wanted));
}

awaitable<result<void>> postgres_crud::remove(std::string_view module, interface_side,
                                              object_key key)
{
    auto wanted = make_write(module, fence_);
    wanted.change = postgres::remove_record{std::move(key)};
    auto answer = co_await store_->run(std::move(wanted));
    if (answer.has_error()) co_return answer.error();
    co_return result<void>();
}

awaitable<result<std::vector<object_key>>> postgres_crud::remove_unchanged(
    std::string_view module, interface_side, std::vector<removal> removals,
    std::vector<std::string> belonging)
{
    auto wanted = make_write(module, fence_);
    wanted.change = postgres::remove_unchanged_records{std::move(removals), std::move(belonging)};
    auto answer = co_await store_->run(std::move(wanted));
    if (answer.has_error()) co_return answer.error();
    co_return std::move(answer->removed);
}

std::shared_ptr<leases> postgres_crud::leases()
{
    return postgres::make_leases(store_);
}

std::shared_ptr<Crud> postgres_crud::fenced_by(held_lease lease)
{
    return std::shared_ptr<Crud>(new postgres_crud(store_, std::move(lease)));
}

awaitable<result<void>> postgres_crud::check_writable()
{
    if (!store_->writing().is_doubtful()) co_return result<void>();
    auto wanted = make_write({}, std::nullopt);
    wanted.change = postgres::touch_store{};
    auto answer = co_await store_->run(std::move(wanted));
    if (answer.has_error()) co_return store_unavailable(answer.error().log_text());
    co_return result<void>();
}

awaitable<result<void>> postgres_crud::check_readable()
{
    if (!store_->reading().is_doubtful()) co_return result<void>();
    const auto answer = co_await find_latest_revision();
    if (answer.has_error()) co_return store_unavailable(answer.error().log_text());
    co_return result<void>();
}

store_report postgres_crud::report() const
{
    return store_->report();
}

std::uint64_t postgres_crud::commits() const noexcept
{
    return store_->writing().commits();
}

}  // namespace ocpi::crud
