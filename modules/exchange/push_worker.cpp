#include "modules/exchange/push_worker.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;

/// A session that fails so often while others do not counts as refused, so that it does not stop
/// them.
constexpr unsigned max_failures_alone = 3;

/// The parties between which sessions go, as one text.
std::string write_scope(const std::vector<party>& own, const std::vector<party>& emsps)
{
    const auto write = [](const std::vector<party>& parties) {
        std::vector<std::string> names;
        for (const auto& each : parties) names.push_back(fold_case(to_string(each)));
        std::sort(names.begin(), names.end());
        std::string text;
        for (const auto& each : names) text.append(each) += ' ';
        return text;
    };
    return write(own) + "> " + write(emsps);
}

bool is_same_platform(const push_target& a, const push_target& b)
{
    return a.url == b.url && a.version == b.version && a.registration == b.registration;
}

/// Of messages that were not logged; empty when there were none.
std::string count_of(std::optional<std::uint64_t> held_back)
{
    if (held_back.value_or(0) == 0) return {};
    return " (" + std::to_string(*held_back) + " more since the last such line)";
}

}  // namespace

push_worker::push_worker(std::shared_ptr<const push_context> context, std::string partner,
                         asio::any_io_executor executor, unsigned seed)
    : context_(std::move(context)),
      name_(std::move(partner)),
      strand_(asio::make_strand(std::move(executor))),
      is_over_(std::make_shared<std::atomic<bool>>(false)),
      backlog_(context_->options.max_dirty, context_->options.session_backoff,
               context_->options.unreached_backoff),
      health_(context_->options.partner_backoff, seed),
      due_timer_(strand_),
      wake_timer_(strand_),
      stop_timer_(strand_)
{
}

void push_worker::start()
{
    is_running_ = true;
    asio::co_spawn(
        strand_, [self = shared_from_this()] { return self->run(); }, asio::detached);
}

void push_worker::tell(const crud::object_key& key, crud::revision now_at) noexcept
{
    try {
        {
            const std::lock_guard lock(mutex_);
            if (told_.size() >= context_->options.max_dirty) {
                told_.clear();
                told_too_many_ = true;
            }
            told_.insert_or_assign(key.folded(), changed_session(key, now_at));
            if (std::exchange(is_posted_, true)) return;
        }
        asio::post(strand_, [self = shared_from_this()] { self->take_told(); });
    } catch (const std::exception&) {
        // Out of memory: the next scan finds the session.
        const std::lock_guard lock(mutex_);
        told_too_many_ = true;
        is_posted_ = false;
    }
}

void push_worker::assign(std::shared_ptr<const push_target> target)
{
    asio::post(strand_, [self = shared_from_this(), target = std::move(target)]() mutable {
        self->take_target(std::move(target));
    });
}

void push_worker::ask_to_stop()
{
    asio::post(strand_, [self = shared_from_this()] {
        self->is_stopping_ = true;
        self->due_timer_.cancel();
        self->stop_timer_.expires_after(self->context_->options.stop_grace);
        self->wake();
    });
}

asio::awaitable<void> push_worker::stop()
{
    co_await asio::co_spawn(strand_, finish(), asio::use_awaitable);
}

asio::awaitable<void> push_worker::finish()
{
    while ((in_flight_ > 0 || is_running_) && stop_timer_.expiry() > clock::now()) {
        boost::system::error_code ended;
        co_await stop_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    const bool is_idle = in_flight_ == 0 && !is_running_ && backlog_.ready() == 0;
    if (is_idle && target_ && is_loaded_) {
        if (has_sent_since_scan_ && health_.is_well()) co_await scan();
        if (must_save_) co_await save_progress();
    }
    *is_over_ = true;
    due_timer_.cancel();
}

void push_worker::take_told()
{
    std::unordered_map<std::string, changed_session> told;
    bool is_scan_needed = false;
    {
        const std::lock_guard lock(mutex_);
        told.swap(told_);
        is_scan_needed = std::exchange(told_too_many_, false);
        is_posted_ = false;
    }
    if (is_stopping_ || !target_) return;
    if (is_scan_needed) {
        is_scan_wanted_ = true;
        wake();
    }
    for (const auto& [name, change] : told) add(change.key, change.revision);
    dispatch();
}

void push_worker::take_target(std::shared_ptr<const push_target> target)
{
    if (is_stopping_) return;
    const bool was_there = target_ != nullptr;
    const auto scope = target ? write_scope(context_->own_parties, target->emsps) : std::string();
    const bool is_same =
        target && was_there && scope == scope_ && is_same_platform(*target, *target_);
    target_ = std::move(target);
    scope_ = scope;
    health_.reconsider();
    if (!is_same) {
        ++registration_;
        is_loaded_ = false;
        is_scan_void_ = true;
        must_forget_ = must_forget_ || !target_;
        backlog_.clear();
        health_.reset();
    }
    dispatch();
    wake();
}

void push_worker::add(const crud::object_key& key, crud::revision at_least)
{
    if (backlog_.add(key, at_least)) return;
    // It was one too many: a scan brings them back, but for those that no scan would find.
    for (const auto& owed : stored_.value.owed) backlog_.add(owed, 0);
    is_scan_void_ = true;
    is_scan_wanted_ = true;
    wake();
}

bool push_worker::may_start() const
{
    return !is_stopping_ && target_ && is_loaded_ &&
           health_.may_start(in_flight_, context_->options.max_in_flight);
}

void push_worker::dispatch()
{
    if (health_.resume(clock::now())) wake();
    while (may_start()) {
        auto next = backlog_.take(clock::now());
        if (!next) break;
        start_push(std::move(*next));
    }
    report_backlog();
    wait_for_next_due();
}

void push_worker::start_push(crud::object_key key)
{
    const bool is_probe = health_.begin_message();
    ++in_flight_;
    asio::co_spawn(
        strand_,
        [self = shared_from_this(), key = std::move(key), is_probe] {
            return self->push(key, is_probe);
        },
        asio::detached);
}

asio::awaitable<void> push_worker::push(crud::object_key key, bool is_probe)
{
    const auto registration = registration_;
    push_report report;
    try {
        auto one = make_push();
        report = co_await one.run(key);
    } catch (const std::exception& bug) {
        report = push_report(push_outcome::store_failed, bug.what());
    }
    if (*is_over_) co_return;
    --in_flight_;
    if (registration == registration_) {
        health_.end_message(is_probe);
        finish_push(key, report, is_probe);
    } else {
        // It went to a platform that the partner is not any more.
        backlog_.postpone(key.folded(), clock::now());
        if (!target_) backlog_.clear();
    }
    if (is_stopping_) stop_timer_.cancel();
    dispatch();
    wake();
}

void push_worker::finish_push(const crud::object_key& key, const push_report& report, bool is_probe)
{
    const auto name = key.folded();
    switch (report.outcome) {
        case push_outcome::done:
            if (report.was_sent) {
                ++successes_;
                has_sent_since_scan_ = true;
                recover();
                warn_of_missing_envelope(report);
            }
            if (backlog_.settle(name, report.revision)) settle_found(name);
            break;
        case push_outcome::refused:
            recover();
            finish_refused(key, report);
            break;
        case push_outcome::unreached:
            recover();
            finish_unreached(key, report);
            break;
        case push_outcome::failed: finish_failed(key, report, is_probe); break;
        case push_outcome::store_failed:
            write_log(log_level::debug, describe(key) + " waits for the store: " + report.words);
            backlog_.postpone(name, clock::now() + context_->options.partner_backoff.first);
            break;
        case push_outcome::abandoned: break;
    }
}

void push_worker::finish_refused(const crud::object_key& key, const push_report& report)
{
    const auto name = key.folded();
    const auto level = backlog_.was_refused(name) ? log_level::debug : log_level::warning;
    write_log(level, "the partner " + name_ + " refuses the session " + describe(key) + ": " +
                         report.words + "; it is tried again later, or when it changes");
    has_sent_since_scan_ = true;
    refusal why;
    why.retry_after = report.retry_after;
    if (backlog_.refuse(name, report.revision, clock::now(), why)) settle_found(name);
}

void push_worker::finish_unreached(const crud::object_key& key, const push_report& report)
{
    const auto now = clock::now();
    const auto held_back = unreached_.admit(name_, now);
    write_log(held_back ? log_level::warning : log_level::debug,
              "the partner " + name_ + " does not reach the eMSP of the session " + describe(key) +
                  ": " + report.words + "; it is tried again soon" + count_of(held_back));
    has_sent_since_scan_ = true;
    refusal why;
    why.is_passing = true;
    why.retry_after = report.retry_after;
    if (backlog_.refuse(key.folded(), report.revision, now, why)) settle_found(key.folded());
}

void push_worker::finish_failed(const crud::object_key& key, const push_report& report,
                                bool is_probe)
{
    const auto name = key.folded();
    // Where the partner asks for a pause, the session is not at fault.
    if (!report.retry_after && backlog_.count_failure(name, successes_) >= max_failures_alone) {
        finish_refused(key, report);
        return;
    }
    backlog_.put_back(name);
    const auto now = clock::now();
    if (!health_.fail(is_probe, now, report.retry_after)) return;
    if (const auto held_back = health_.announce_outage(now)) {
        write_log(log_level::warning, "cannot bring sessions to the partner " + name_ + ": " +
                                          report.words + "; trying again until it works" +
                                          count_of(held_back));
    } else {
        write_log(log_level::debug, "still no way to the partner " + name_ + ": " + report.words);
    }
}

void push_worker::recover()
{
    const auto recovery = health_.succeed(clock::now());
    if (recovery == partner_health::recovery::none) return;
    write_log(recovery == partner_health::recovery::logged ? log_level::info : log_level::debug,
              "sessions reach the partner " + name_ + " again");
    is_scan_wanted_ = true;
}

void push_worker::warn_of_missing_envelope(const push_report& report)
{
    if (!report.is_without_envelope) return;
    const auto held_back = missing_envelopes_.admit(name_, clock::now());
    if (!held_back) return;
    write_log(log_level::warning,
              "the partner " + name_ + " acknowledges sessions without an OCPI envelope: " +
                  report.words + "; they are taken as delivered" + count_of(held_back));
}

void push_worker::wait_for_next_due()
{
    if (is_stopping_) return;
    std::optional<clock::time_point> due;
    if (health_.is_paused()) {
        due = health_.resume_at();
    } else if (may_start()) {
        due = backlog_.next_due();
    }
    if (!due || due_timer_.expiry() == *due) return;
    due_timer_.expires_at(*due);
    due_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
        if (!cancelled && !self->is_stopping_) {
            self->due_timer_.expires_at(clock::time_point());
            self->dispatch();
        }
    });
}

void push_worker::report_backlog()
{
    if (backlog_.size() == reported_) return;
    reported_ = backlog_.size();
    context_->tools->observer->on_backlog(name_, reported_);
}

session_push push_worker::make_push() const
{
    auto memory = name_ + '#' + std::to_string(registration_) + '\n';
    return session_push(context_->tools, target_, std::move(memory), stored_.value.since, is_over_);
}

void push_worker::wake()
{
    wake_timer_.cancel();
}

void push_worker::write_log(log_level level, const std::string& text) const
{
    context_->log->write(level, text);
}

std::string push_worker::describe(const crud::object_key& key) const
{
    return to_string(key.owner()) + '/' + key.id.str();
}

}  // namespace ocpi::exchange
