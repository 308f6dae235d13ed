#include "crud/lease_tenure.hpp"

#include "crud/errors.hpp"
#include "ocpi/base/async_event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::crud {

namespace asio = boost::asio;
using asio::awaitable;

/// The fenced store, which is not even asked to write once the lease may have expired.
class lease_tenure::guarded_crud final : public Crud {
public:
    guarded_crud(std::shared_ptr<Crud> fenced, std::shared_ptr<state> of)
        : fenced_(std::move(fenced)), state_(std::move(of))
    {
    }

    awaitable<result<record>> get(std::string_view module, interface_side side,
                                  object_key key) override
    {
        return fenced_->get(module, side, std::move(key));
    }
    awaitable<result<page>> list(std::string_view module, interface_side side,
                                 list_query query) override
    {
        return fenced_->list(module, side, std::move(query));
    }
    awaitable<result<revision>> create(std::string_view module, interface_side side,
                                       document document) override
    {
        return guard<revision>([=, this, document = std::move(document)]() mutable {
            return fenced_->create(module, side, std::move(document));
        });
    }
    awaitable<result<revision>> update(std::string_view module, interface_side side,
                                       document document, revision expected) override
    {
        return guard<revision>([=, this, document = std::move(document)]() mutable {
            return fenced_->update(module, side, std::move(document), expected);
        });
    }
    awaitable<result<void>> remove(std::string_view module, interface_side side,
                                   object_key key) override
    {
        return guard<void>([=, this, key = std::move(key)]() mutable {
            return fenced_->remove(module, side, std::move(key));
        });
    }
    awaitable<result<record>> get_if_visible_to(std::string_view module, interface_side side,
                                                object_key key, std::vector<party> emsps) override
    {
        return fenced_->get_if_visible_to(module, side, std::move(key), std::move(emsps));
    }
    awaitable<result<record>> find_by_secondary_key(std::string_view module, interface_side side,
                                                    std::string key, record_filter filter) override
    {
        return fenced_->find_by_secondary_key(module, side, std::move(key), std::move(filter));
    }
    awaitable<result<sorted_page>> list_sorted(std::string_view module, interface_side side,
                                               sorted_query query) override
    {
        return fenced_->list_sorted(module, side, std::move(query));
    }
    awaitable<result<changes_page>> list_changes(std::string_view module, interface_side side,
                                                 changes_query query) override
    {
        return fenced_->list_changes(module, side, std::move(query));
    }
    awaitable<result<search_page>> search(std::string_view module, interface_side side,
                                          search_query query) override
    {
        return fenced_->search(module, side, std::move(query));
    }
    awaitable<result<std::optional<totals>>> find_totals(std::string_view module,
                                                         interface_side side,
                                                         totals_query query) override
    {
        return fenced_->find_totals(module, side, std::move(query));
    }
    awaitable<result<std::vector<object_key>>> remove_unchanged(
        std::string_view module, interface_side side, std::vector<removal> removals,
        std::vector<std::string> belonging) override
    {
        return guard<std::vector<object_key>>(
            [=, this, removals = std::move(removals), belonging = std::move(belonging)]() mutable {
                return fenced_->remove_unchanged(module, side, std::move(removals),
                                                 std::move(belonging));
            });
    }
    awaitable<result<revision>> find_latest_revision() override
    {
        return fenced_->find_latest_revision();
    }
    std::shared_ptr<crud::leases> leases() override { return fenced_->leases(); }
    awaitable<result<void>> check_writable() override { return fenced_->check_writable(); }
    awaitable<result<void>> check_readable() override { return fenced_->check_readable(); }
    store_report report() const override { return fenced_->report(); }

private:
    /// Awaits write(), unless the lease may have expired.
    template <class T, class Write>
    awaitable<result<T>> guard(Write write)
    {
        if (!is_held(*state_)) co_return lease_lost(state_->lease.name);
        auto written = co_await write();
        if (written.has_error() && written.error().code() == errc::lease_lost) {
            state_->held_until = boot_clock::time_point::min();
            const bool is_first = !state_->is_lost.exchange(true);
            if (is_first) state_->on_loss(state_->lease);
        }
        co_return written;
    }

    const std::shared_ptr<Crud> fenced_;
    const std::shared_ptr<state> state_;
};

lease_tenure::lease_tenure(std::shared_ptr<Crud> crud)
    : state_(std::make_shared<state>()), crud_(std::move(crud))
{
}

lease_tenure::lease_tenure(std::shared_ptr<Crud> fenced, held_lease lease, clock_function now,
                           loss_handler on_loss)
    : state_(std::make_shared<state>())
{
    state_->lease = std::move(lease);
    state_->now = std::move(now);
    state_->on_loss = std::move(on_loss);
    crud_ = std::make_shared<guarded_crud>(std::move(fenced), state_);
}

awaitable<void> lease_tenure::wait_for_end() const
{
    async_event never;
    co_await never.wait(stop_token());
}

bool lease_tenure::is_held() const
{
    return is_held(*state_);
}

bool lease_tenure::is_held(const state& of)
{
    return !of.now || of.now() < of.held_until.load();
}

void lease_tenure::extend(boot_clock::time_point until) noexcept
{
    if (!state_->is_lost) state_->held_until = until;
}

void lease_tenure::lose() noexcept
{
    state_->is_lost = true;
    state_->held_until = boot_clock::time_point::min();
}

}  // namespace ocpi::crud
