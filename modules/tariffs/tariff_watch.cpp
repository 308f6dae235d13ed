#include "modules/tariffs/tariff_watch.hpp"

#include "ocpi/base/async_event.hpp"
#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ocpi::tariffs {
namespace {

namespace asio = boost::asio;
using crud::interface_side;
using steady = std::chrono::steady_clock;

/// Beyond, changes of this process are reported, too.
constexpr std::size_t max_own = 10'000;

/// By folded key.
using tariff_keys = std::unordered_map<std::string, crud::object_key>;

crud::changes_query changes_after(crud::revision after)
{
    crud::changes_query query;
    query.after = after;
    query.limit = 1000;
    query.needs_json = false;
    return query;
}

}  // namespace

/// What the task uses; outlives the watch while it runs.
class tariff_watch::impl {
public:
    impl(std::shared_ptr<Crud> crud, listener on_change, std::shared_ptr<logger> log,
         tariff_watch_options options)
        : crud_(std::move(crud)),
          on_change_(std::move(on_change)),
          log_(log ? std::move(log) : std::make_shared<silent_logger>()),
          options_(options)
    {
    }

    void on_own_change(const tariff_change& change)
    {
        const std::lock_guard lock(mutex_);
        if (!change.revision) {
            known_.erase(change.key.folded());
        } else if (own_.size() < max_own) {
            own_.insert(*change.revision);
        }
    }

    void look() noexcept { wake_.notify(); }

    asio::awaitable<void> run(std::stop_token stop)
    {
        begun_at_.reset();
        while (!stop.stop_requested()) {
            const auto began = steady::now();
            const bool is_well = co_await look_safely();
            const auto rest = std::min<steady::duration>(
                (steady::now() - began) * options_.min_rest, options_.max_rest);
            co_await stoppable_pause(std::max<steady::duration>(options_.min_pause, rest), stop);
            if (is_well) co_await wake_.wait(stop);
        }
    }

    void log_bug(const std::exception& bug) const
    {
        log_->write(log_level::error, std::string("tariff watch: ") + bug.what());
    }

private:
    /// False when it is to be tried again.
    asio::awaitable<bool> look_safely()
    {
        std::string failure;
        try {
            const auto done = co_await find_changes();
            if (done.has_error()) failure = done.error().text();
        } catch (const std::exception& bug) {
            failure = bug.what();
        }
        const bool has_failed = !failure.empty();
        if (has_failed && !has_failed_) {
            log_->write(log_level::warning,
                        "tariffs of other processes cannot be read at present: " + failure);
        }
        has_failed_ = has_failed;
        co_return !has_failed;
    }

    asio::awaitable<result<void>> find_changes()
    {
        auto all = co_await read_after(seen_);
        if (all.has_error()) co_return all.error();
        report_changed(*all);
        remember(*all);
        co_return co_await find_removed();
    }

    asio::awaitable<result<std::vector<crud::record>>> read_after(crud::revision after)
    {
        std::vector<crud::record> all;
        auto query = changes_after(after);
        for (bool is_last = false; !is_last;) {
            auto page = co_await crud_->list_changes(tariff_records, interface_side::sender, query);
            if (page.has_error()) co_return page.error();
            if (!begun_at_) begun_at_ = page->as_of;
            is_last = page->is_last_page;
            for (auto& each : page->records) {
                query.after = each.revision;
                each.document.json.clear();
                all.push_back(std::move(each));
            }
        }
        co_return all;
    }

    void remember(const std::vector<crud::record>& records)
    {
        const std::lock_guard lock(mutex_);
        for (const auto& each : records) {
            seen_ = std::max(seen_, each.revision);
            known_.insert_or_assign(each.document.key.folded(), each.document.key);
        }
        own_.erase(own_.begin(), own_.upper_bound(seen_));
    }

    void report_changed(const std::vector<crud::record>& records)
    {
        for (const auto& each : records) {
            if (each.revision <= *begun_at_ || is_own(each.revision)) continue;
            on_change_(each.document.key);
        }
    }

    bool is_own(crud::revision at) const
    {
        const std::lock_guard lock(mutex_);
        return own_.contains(at);
    }

    /// No list of changes has them: there are fewer tariffs than are known.
    asio::awaitable<result<void>> find_removed()
    {
        crud::list_query query;
        query.limit = 1;
        const auto page = co_await crud_->list(tariff_records, interface_side::sender, query);
        if (page.has_error()) co_return page.error();
        if (page->total >= count_known()) co_return result<void>();
        const auto present = co_await read_after(0);
        if (present.has_error()) co_return present.error();
        for (const auto& key : take_missing(*present)) on_change_(key);
        co_return result<void>();
    }

    std::size_t count_known() const
    {
        const std::lock_guard lock(mutex_);
        return known_.size();
    }

    std::vector<crud::object_key> take_missing(const std::vector<crud::record>& present)
    {
        std::unordered_set<std::string> names;
        for (const auto& each : present) names.insert(each.document.key.folded());
        std::vector<crud::object_key> missing;
        const std::lock_guard lock(mutex_);
        std::erase_if(known_, [&](const auto& each) {
            if (names.contains(each.first)) return false;
            missing.push_back(each.second);
            return true;
        });
        return missing;
    }

    const std::shared_ptr<Crud> crud_;
    const listener on_change_;
    const std::shared_ptr<logger> log_;
    const tariff_watch_options options_;
    async_event wake_;
    mutable std::mutex mutex_;
    tariff_keys known_;  // guarded by mutex_
    /// Beyond `seen_`.
    std::set<crud::revision> own_;  // guarded by mutex_

    // Used by run() only.
    crud::revision seen_ = 0;
    /// Of the store at the first look; what is older is not reported.
    std::optional<crud::revision> begun_at_;
    bool has_failed_ = false;
};

tariff_watch::tariff_watch(std::shared_ptr<Crud> crud, listener on_change,
                           std::shared_ptr<logger> log, tariff_watch_options options)
    : impl_(std::make_shared<impl>(std::move(crud), std::move(on_change), std::move(log), options)),
      tasks_([kept = impl_](const std::exception& bug) { kept->log_bug(bug); })
{
}

tariff_watch::~tariff_watch() = default;

void tariff_watch::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(impl_->run(run.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first, impl_);
}

asio::awaitable<void> tariff_watch::stop()
{
    return tasks_.stop();
}

void tariff_watch::on_own_change(const tariff_change& change) noexcept
{
    try {
        impl_->on_own_change(change);
    } catch (const std::exception&) {
        // It is reported as if another process had made it.
    }
}

void tariff_watch::on_store_revision(crud::revision) noexcept
{
    impl_->look();
}

}  // namespace ocpi::tariffs
