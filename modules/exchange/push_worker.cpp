#include "modules/exchange/push_worker.hpp"

#include "modules/sessions/session_reader.hpp"

#include <exception>
#include <utility>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

}  // namespace

push_worker::push_worker(std::shared_ptr<const push_context> context, std::string partner,
                         unsigned seed)
    : context_(std::move(context)),
      partner_(std::move(partner)),
      machine_(partner_, context_->own_parties, context_->options, seed),
      tasks_([log = context_->log, partner = partner_](const std::exception& bug) {
          log->write(log_level::error, "push to " + partner + " stopped: " + bug.what());
      })
{
}

void push_worker::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& tasks) { tasks.spawn(run(tasks)); };
    tasks_.start(std::move(executor), spawn_first, shared_from_this());
}

void push_worker::on_change() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(mail_.has_changes, true)) return;
    }
    wake_.notify();
}

void push_worker::assign(std::shared_ptr<const push_target> target)
{
    {
        const std::lock_guard lock(mutex_);
        mail_.target = std::move(target);
    }
    wake_.notify();
}

void push_worker::ask_to_stop() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        mail_.must_stop = true;
    }
    wake_.notify();
}

asio::awaitable<void> push_worker::stop(clock::time_point until)
{
    const std::weak_ptr<task_scope::tasks> running = tasks_.current();
    co_await tasks_.join(until - clock::now());
    if (const auto late = running.lock()) late->cancel();
}

asio::awaitable<void> push_worker::run(task_scope::tasks& tasks)
{
    const auto stop = tasks.stop_token();
    while (!stop.stop_requested()) {
        take_mail();
        auto action = machine_.next(clock::now());
        if (std::holds_alternative<push_action::finish>(action)) co_return;
        if (const auto* wait = std::get_if<push_action::wait>(&action)) {
            report_state();
            co_await wake_.wait_until(wait->until, stop);
        } else if (const auto* line = std::get_if<push_action::write_log>(&action)) {
            context_->log->write(line->level, line->text);
        } else {
            spawn(std::move(action), tasks);
        }
    }
}

void push_worker::take_mail()
{
    mailbox mail;
    {
        const std::lock_guard lock(mutex_);
        std::swap(mail, mail_);
    }
    if (mail.target) machine_.assign(std::move(*mail.target));
    if (mail.has_changes) machine_.changed(clock::now());
    if (mail.must_stop) machine_.stop();
}

void push_worker::spawn(push_action::any action, task_scope::tasks& tasks)
{
    const auto perform_each = [&](auto& each) {
        if constexpr (requires { this->perform(std::move(each), tasks.stop_token()); }) {
            tasks.spawn(perform(std::move(each), tasks.stop_token()));
        }
    };
    std::visit(perform_each, action);
}

std::optional<push_state> push_worker::state() const
{
    const std::lock_guard lock(mutex_);
    return reported_state_;
}

void push_worker::report_state()
{
    {
        const std::lock_guard lock(mutex_);
        reported_state_ = machine_.state_of_push();
    }
    if (machine_.backlog() == reported_backlog_) return;
    reported_backlog_ = machine_.backlog();
    context_->tools->observer->on_backlog(partner_, reported_backlog_);
}

asio::awaitable<void> push_worker::perform(push_action::send action, std::stop_token stop)
{
    push_report report;
    bool was_answered = false;
    const auto on_answer = [&] {
        if (stop.stop_requested()) return;
        was_answered = true;
        machine_.answered();
        wake_.notify();
    };
    try {
        const auto epoch = context_->tools->tenure.lease().epoch;
        auto memory = partner_ + '#' + std::to_string(epoch) + '#' +
                      std::to_string(action.target_number) + '\n';
        session_push one(context_->tools, action.target, std::move(memory),
                         action.acknowledged_since, stop, on_answer);
        report =
            co_await one.run(action.message.key, action.message.at_least, action.message.attempts);
    } catch (const std::exception& bug) {
        report = push_report(push_outcome::store_failed, bug.what());
    }
    if (stop.stop_requested()) co_return;
    report.was_answered = was_answered;
    machine_.sent(action.message.key, report, clock::now());
    wake_.notify();
}

template <class T, class Report>
void push_worker::finish_store_call(result<T> outcome, const std::stop_token& stop, Report report)
{
    if (stop.stop_requested()) return;
    if (outcome.has_error()) {
        machine_.store_failed(outcome.error(), clock::now());
    } else {
        report(outcome);
    }
    wake_.notify();
}

asio::awaitable<void> push_worker::perform(push_action::read_page action, std::stop_token stop)
{
    crud::changes_query query;
    query.after = action.after;
    query.owners = context_->own_parties;
    query.emsps = action.target->emsps;
    query.limit = context_->options.page_size;
    auto listed = co_await context_->tools->tenure.crud()->list_changes(
        sessions::session_records, crud::interface_side::sender, query);
    finish_store_call(std::move(listed), stop, [&](const result<crud::changes_page>& records) {
        push_page page;
        page.is_last_page = records->is_last_page;
        page.as_of = records->as_of;
        const auto present = clock::now();
        const auto today = std::chrono::system_clock::now();
        for (const auto& record : records->records) {
            const auto age = today - record.document.last_updated.instant();
            page.changes.push_back({record.document.key, record.revision,
                                    present - std::max<clock::duration>(age, clock::duration(0))});
        }
        machine_.page_read(page);
    });
}

asio::awaitable<void> push_worker::perform(push_action::read_progress, std::stop_token stop)
{
    auto found = co_await context_->tools->acknowledgements.find_progress(partner_);
    finish_store_call(std::move(found), stop,
                      [&](auto& progress) { machine_.progress_read(std::move(*progress)); });
}

asio::awaitable<void> push_worker::perform(push_action::save_progress action, std::stop_token stop)
{
    auto saved = co_await context_->tools->acknowledgements.save_progress(
        partner_, std::move(action.progress), action.base);
    finish_store_call(std::move(saved), stop,
                      [&](const auto& revision) { machine_.progress_saved(*revision); });
}

asio::awaitable<void> push_worker::perform(push_action::forget, std::stop_token stop)
{
    auto forgotten = co_await context_->tools->acknowledgements.forget(partner_);
    finish_store_call(std::move(forgotten), stop, [&](const auto&) { machine_.forgotten(); });
}

}  // namespace ocpi::exchange
