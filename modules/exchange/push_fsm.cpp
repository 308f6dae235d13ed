#include "modules/exchange/push_fsm.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::exchange {
namespace {

/// A session that fails so often while others succeed is rejected, so that it does not stop them.
constexpr unsigned max_failures_alone = 3;

std::string describe(const crud::object_key& key)
{
    return to_string(key.owner()) + '/' + key.id.str();
}

/// The number of lines that the limiter has kept back; empty when there were none.
std::string count_of(std::optional<std::uint64_t> held_back)
{
    if (held_back.value_or(0) == 0) return {};
    return " (" + std::to_string(*held_back) + " more since the last such line)";
}

}  // namespace

push_fsm::push_fsm(std::string partner, std::vector<party> own_parties, const push_options& options,
                   unsigned seed)
    : partner_(std::move(partner)),
      own_parties_(std::move(own_parties)),
      options_(options),
      queue_(make_queue()),
      health_(options.partner_backoff, seed)
{
}

void push_fsm::assign(std::shared_ptr<const push_target> target)
{
    if (is_stopping_) return;
    const auto pairs = target ? write_party_pairs(own_parties_, target->emsps) : std::string();
    const bool is_same =
        target && target_ && pairs == party_pairs_ && is_same_platform(*target, *target_);
    target_ = std::move(target);
    party_pairs_ = pairs;
    health_.reconsider();
    if (is_same) return;
    must_forget_ = must_forget_ || !target_;
    drain();
}

void push_fsm::drain()
{
    state_ = state::draining;
    ++target_number_;
    queue_ = make_queue();
    health_.reset();
    probe_.reset();
}

send_queue push_fsm::make_queue() const
{
    return send_queue(options_.max_rejected, options_.session_backoff, options_.unreached_backoff);
}

push_action::any push_fsm::next(time_point now)
{
    if (!log_.empty()) {
        auto line = std::move(log_.front());
        log_.pop_front();
        return line;
    }
    leave_draining();
    health_.resume(now);
    if (const auto due = cursor_.restart_at(); due && *due <= now && !is_store_busy_) {
        cursor_.restart_after(stored_.value.revision);
    }
    if (auto message = next_send(now)) return std::move(*message);
    if (!is_store_busy_ && store_retry_at_ <= now) {
        if (auto call = next_store_call(now)) {
            is_store_busy_ = true;
            return std::move(*call);
        }
    }
    if (is_stopping_ && in_flight_ == 0 && !is_store_busy_) return push_action::finish{};
    return push_action::wait{wake_due()};
}

/// Otherwise an acknowledgement by the former target could be written after it was forgotten, and
/// one session be in flight twice.
void push_fsm::leave_draining()
{
    if (state_ != state::draining || in_flight_ > 0 || is_store_busy_) return;
    state_ = must_forget_ ? state::forgetting : target_ ? state::loading : state::idle;
    is_new_progress_ = false;
}

bool push_fsm::may_send() const noexcept
{
    return !is_stopping_ && unstored_ < options_.max_unstored &&
           health_.may_start(in_flight_ - unstored_, options_.max_in_flight);
}

std::optional<push_action::any> push_fsm::next_send(time_point now)
{
    if (state_ != state::following || !may_send()) return {};
    auto next = queue_.take(now);
    if (!next) return {};
    ++in_flight_;
    if (health_.begin_message()) probe_ = next->key.folded();
    return push_action::send{std::move(*next), target_, target_number_, stored_.value.since};
}

std::optional<push_action::any> push_fsm::next_store_call(time_point now)
{
    switch (state_) {
        case state::idle:
        case state::draining: break;
        case state::forgetting:
            if (!is_stopping_) return push_action::forget{};
            break;
        case state::loading:
            if (is_stopping_) break;
            if (is_new_progress_) return push_action::save_progress{stored_.value, progress_base_};
            return push_action::read_progress{};
        case state::following:
            if (save_due() <= now) return make_save(now);
            if (read_due() <= now) return make_read(now);
            break;
    }
    return {};
}

push_action::save_progress push_fsm::make_save(time_point now)
{
    saved_at_ = now;
    saved_rejected_version_ = queue_.rejected_version();
    stored_.value.revision = acknowledged_up_to();
    stored_.value.rejected = queue_.rejected();
    return push_action::save_progress{stored_.value, stored_.revision};
}

push_action::read_page push_fsm::make_read(time_point now)
{
    return push_action::read_page{cursor_.begin_read(now), target_};
}

crud::revision push_fsm::acknowledged_up_to() const
{
    auto revision = cursor_.last_change();
    if (const auto first = queue_.first_unacknowledged()) revision = std::min(revision, *first - 1);
    return std::max(stored_.value.revision, revision);
}

bool push_fsm::is_progress_outdated() const
{
    return !cursor_.restart_at() && (acknowledged_up_to() != stored_.value.revision ||
                                     queue_.rejected_version() != saved_rejected_version_);
}

push_fsm::time_point push_fsm::save_due() const
{
    if (!is_progress_outdated()) return time_point::max();
    if (is_stopping_) return in_flight_ == 0 ? time_point::min() : time_point::max();
    return saved_at_ ? *saved_at_ + options_.progress_interval : time_point::min();
}

push_fsm::time_point push_fsm::read_due() const
{
    const bool has_room = queue_.ready() < options_.page_size;
    if (is_stopping_ || !has_room || health_.is_paused()) return time_point::max();
    return cursor_.due(options_.poll_interval);
}

/// When next() has something to do that no report brings about.
push_fsm::time_point push_fsm::wake_due() const
{
    auto due = time_point::max();
    if (state_ == state::following) {
        if (health_.is_paused()) {
            due = health_.resume_at();
        } else if (may_send()) {
            due = queue_.next_due().value_or(due);
        }
        if (!is_store_busy_) {
            due = std::min(due, std::max(std::min(save_due(), read_due()), store_retry_at_));
            due = std::min(due, cursor_.restart_at().value_or(due));
        }
        return due;
    }
    const bool has_call = state_ == state::forgetting || state_ == state::loading;
    return has_call && !is_store_busy_ && !is_stopping_ ? store_retry_at_ : due;
}

void push_fsm::page_read(const push_page& page)
{
    is_store_busy_ = false;
    if (state_ != state::following) return;
    for (const auto& each : page.changes) {
        queue_.add(each.key, each.revision, cursor_.lacked_since(each));
    }
    cursor_.page_read(page);
}

void push_fsm::progress_read(std::optional<stored_progress> found)
{
    is_store_busy_ = false;
    if (state_ != state::loading) return;
    progress_base_.reset();
    if (found) progress_base_ = found->revision;
    auto progress = std::move(found).value_or(stored_progress());
    auto& value = progress.value;
    const bool is_elsewhere =
        value.url != target_->url || value.registration != target_->registration;
    if (!value.url.empty() && is_elsewhere) {
        // What the partner holds at another address, or by another registration, does not count.
        must_forget_ = true;
        drain();
        return;
    }
    if (is_for_target(value)) {
        follow(std::move(progress));
        return;
    }
    value.url = target_->url;
    value.registration = target_->registration;
    value.party_pairs = party_pairs_;
    value.revision = 0;
    stored_ = std::move(progress);
    is_new_progress_ = true;
}

bool push_fsm::is_for_target(const push_progress& progress) const
{
    return progress.url == target_->url && progress.registration == target_->registration &&
           progress.party_pairs == party_pairs_;
}

void push_fsm::progress_saved(crud::revision revision)
{
    is_store_busy_ = false;
    if (state_ == state::draining) return;
    stored_.revision = revision;
    if (state_ == state::loading) follow(std::exchange(stored_, stored_progress()));
}

void push_fsm::follow(stored_progress from)
{
    stored_ = std::move(from);
    state_ = state::following;
    is_new_progress_ = false;
    cursor_.restart_after(stored_.value.revision);
    for (const auto& key : stored_.value.rejected) queue_.add_rejected(key);
    saved_rejected_version_ = queue_.rejected_version();
}

void push_fsm::forgotten()
{
    is_store_busy_ = false;
    must_forget_ = false;
    drain();
}

void push_fsm::store_failed(const error& failure, time_point now)
{
    is_store_busy_ = false;
    // What is stored is not known any more.
    if (state_ == state::following) state_ = state::loading;
    is_new_progress_ = false;
    // Another process has written the progress.
    if (failure.code() == errc::conflict) return;
    const auto& text = failure.log_text().empty() ? failure.text() : failure.log_text();
    log(log_level::debug, "the push to " + partner_ + " waits for the store: " + text);
    store_retry_at_ = now + options_.partner_backoff.first;
}

std::optional<push_state> push_fsm::state_of_push() const
{
    if (!target_) return {};
    push_state present;
    present.rejected = queue_.rejected_count();
    present.backlog = queue_.size() - present.rejected;
    present.lacking_since = queue_.lacking_since();
    if (const auto unread = cursor_.first_notice()) {
        present.lacking_since = std::min(present.lacking_since.value_or(*unread), *unread);
    }
    return present;
}

void push_fsm::sent(const crud::object_key& key, const push_report& report, time_point now)
{
    --in_flight_;
    if (report.was_answered) --unstored_;
    if (state_ == state::draining) return;
    const auto name = key.folded();
    const bool was_probe = probe_ == name;
    if (was_probe) probe_.reset();
    health_.end_message(was_probe);
    switch (report.outcome) {
        case push_outcome::done: end_acknowledged(key, report, now); break;
        case push_outcome::rejected:
            recover(now);
            end_rejected(key, report, now);
            break;
        case push_outcome::unreached:
            recover(now);
            end_unreached(key, report, now);
            break;
        case push_outcome::failed: end_failed(key, report, was_probe, now); break;
        case push_outcome::store_failed:
            log(log_level::debug, describe(key) + " waits for the store: " + report.words);
            queue_.postpone(name, now + options_.partner_backoff.first);
            break;
        case push_outcome::cancelled: queue_.put_back(name); break;
    }
}

void push_fsm::end_acknowledged(const crud::object_key& key, const push_report& report,
                                time_point now)
{
    queue_.acknowledge(key.folded(), report.revision);
    if (!report.was_sent) return;
    ++successes_;
    recover(now);
    if (!report.is_without_envelope) return;
    if (const auto held_back = envelope_log_.admit(partner_, now)) {
        log(log_level::warning,
            "the partner " + partner_ + " acknowledges sessions without an OCPI envelope: " +
                report.words + "; they are taken as delivered" + count_of(held_back));
    }
}

void push_fsm::end_rejected(const crud::object_key& key, const push_report& report, time_point now)
{
    const auto level = queue_.is_rejected(key.folded()) ? log_level::debug : log_level::warning;
    log(level, "the partner " + partner_ + " refuses the session " + describe(key) + ": " +
                   report.words + "; it is tried again later, or when it changes");
    reject(key, report, false, now);
}

void push_fsm::end_unreached(const crud::object_key& key, const push_report& report, time_point now)
{
    const auto held_back = unreached_log_.admit(partner_, now);
    log(held_back ? log_level::warning : log_level::debug,
        "the partner " + partner_ + " does not reach the eMSP of the session " + describe(key) +
            ": " + report.words + "; it is tried again soon" + count_of(held_back));
    reject(key, report, true, now);
}

void push_fsm::reject(const crud::object_key& key, const push_report& report, bool is_temporary,
                      time_point now)
{
    rejection why;
    why.is_temporary = is_temporary;
    why.retry_after = report.retry_after;
    if (queue_.reject(key.folded(), report.revision, now, why) || cursor_.restart_at()) return;
    log(log_level::warning, "the partner " + partner_ + " refuses more than " +
                                std::to_string(options_.max_rejected) +
                                " sessions; those beyond are sent again later");
    cursor_.request_restart(now + options_.session_backoff.max);
}

void push_fsm::end_failed(const crud::object_key& key, const push_report& report, bool was_probe,
                          time_point now)
{
    const auto name = key.folded();
    // Where the partner asks for a pause, the session is not at fault.
    if (!report.retry_after && queue_.count_failure(name, successes_) >= max_failures_alone) {
        end_rejected(key, report, now);
        return;
    }
    queue_.put_back(name);
    if (!health_.fail(was_probe, now, report.retry_after)) return;
    if (const auto held_back = health_.announce_outage(now)) {
        log(log_level::warning, "cannot bring sessions to the partner " + partner_ + ": " +
                                    report.words + "; trying again until it works" +
                                    count_of(held_back));
    } else {
        log(log_level::debug, "still no way to the partner " + partner_ + ": " + report.words);
    }
}

void push_fsm::recover(time_point now)
{
    const auto recovery = health_.succeed(now);
    if (recovery == partner_health::recovery::none) return;
    log(recovery == partner_health::recovery::logged ? log_level::info : log_level::debug,
        "sessions reach the partner " + partner_ + " again");
}

void push_fsm::log(log_level level, std::string text)
{
    log_.push_back(push_action::write_log{level, std::move(text)});
}

}  // namespace ocpi::exchange
