#include "crud/postgres/pipeline.hpp"

#include "crud/postgres/error_text.hpp"
#include "crud/postgres/pipeline_group.hpp"

#include <libpq-fe.h>

#include <string_view>

namespace ocpi::crud::postgres {

namespace {

using clock = std::chrono::steady_clock;

std::string libpq_text(const pg_conn* conn)
{
    std::string text = PQerrorMessage(conn);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.empty() ? "libpq cannot go on" : text;
}

/// The values of a command as libpq takes them; they stay where they are.
struct bound_values {
    std::vector<const char*> bytes;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::vector<Oid> types;

    explicit bound_values(const parameters& from)
    {
        const auto& values = from.values();
        const auto count = values.size();
        bytes.reserve(count);
        lengths.reserve(count);
        formats.assign(count, 1);
        types.reserve(count);
        for (const auto& value : values) {
            bytes.push_back(value.is_null ? nullptr : value.bytes.data());
            lengths.push_back(static_cast<int>(value.bytes.size()));
            types.push_back(value.type);
        }
    }

    int count() const { return static_cast<int>(bytes.size()); }
};

}  // namespace

boost::asio::awaitable<std::vector<rows>> pipeline::run(std::vector<command> commands)
{
    auto made = std::make_shared<group>();
    made->commands = std::move(commands);
    co_await finish_group(made);
    co_return std::move(made->results);
}

boost::asio::awaitable<void> pipeline::execute(std::string sql)
{
    auto made = std::make_shared<group>();
    made->text = std::move(sql);
    made->is_text = true;
    co_await finish_group(made);
}

boost::asio::awaitable<void> pipeline::finish_group(std::shared_ptr<group> made)
{
    const auto self = shared_from_this();
    if (!is_open()) refuse_closed();
    auto start = [&](completion<bool> done) {
        made->done.emplace(std::move(done));
        enqueue(made);
    };
    co_await await_completion<bool>(start);
    if (made->failure) throw postgres_error(*made->failure);
}

void pipeline::enqueue(std::shared_ptr<group> added)
{
    added->number = ++last_group_;
    waiting_.push_back(std::move(added));
    send_waiting();
}

/// A text goes alone, outside pipeline mode: it waits until all before it are answered, and those
/// behind it wait for it.
void pipeline::send_waiting()
{
    while (conn_ && !waiting_.empty()) {
        auto next = waiting_.front();
        if (!sent_.empty() && (next->is_text || sent_.front()->is_text)) break;
        if (sent_.empty()) front_since_ = clock::now();
        waiting_.pop_front();
        sent_.push_back(next);
        if (!(next->is_text ? send_text(*next) : send(*next))) lose(libpq_text(conn_.get()));
    }
    flush();
    watch_front();
}

bool pipeline::send(group& sent)
{
    for (std::size_t i = 0; i < sent.commands.size(); ++i) {
        if (!send_command(sent, i)) return false;
    }
    return PQpipelineSync(conn_.get()) == 1;
}

bool pipeline::send_command(group& sent, std::size_t place)
{
    const auto& [sql, values] = sent.commands[place];
    const bound_values bound(values);
    statement_names::choice statement;
    if (!sent.is_once) statement = names_.choose(sql, sent.number);
    if (statement.evicted) deallocate(*statement.evicted);
    if (statement.is_to_prepare) {
        if (!PQsendPrepare(conn_.get(), statement.name.c_str(), sql.c_str(), bound.count(),
                           bound.types.data())) {
            return false;
        }
        sent.steps.push_back({true, place, statement.name});
    }
    const int outcome =
        statement.name.empty()
            ? PQsendQueryParams(conn_.get(), sql.c_str(), bound.count(), bound.types.data(),
                                bound.bytes.data(), bound.lengths.data(), bound.formats.data(), 1)
            : PQsendQueryPrepared(conn_.get(), statement.name.c_str(), bound.count(),
                                  bound.bytes.data(), bound.lengths.data(), bound.formats.data(),
                                  1);
    sent.steps.push_back({false, place, std::move(statement.name)});
    return outcome == 1;
}

/// Behind the group that is being sent, which may still use it.
void pipeline::deallocate(const std::string& name)
{
    auto made = std::make_shared<group>();
    made->commands.emplace_back("DEALLOCATE " + name);
    made->is_once = true;
    waiting_.push_front(std::move(made));
}

bool pipeline::send_text(const group& sent)
{
    return PQexitPipelineMode(conn_.get()) && PQsendQuery(conn_.get(), sent.text.c_str());
}

void pipeline::flush()
{
    if (!conn_ || is_waiting_to_write_) return;
    const int outcome = PQflush(conn_.get());
    if (outcome < 0) lose(libpq_text(conn_.get()));
    if (outcome <= 0) return;
    is_waiting_to_write_ = true;
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this()](const boost::system::error_code& failure) {
                           self->is_waiting_to_write_ = false;
                           if (!failure) self->flush();
                       });
}

/// The server refuses everything until the transaction is rolled back. What was sent behind a
/// transaction that was to end by itself has no part in it, and is sent once more when it has been
/// refused.
void pipeline::roll_back()
{
    if (is_rolling_back_) return;
    is_rolling_back_ = true;
    auto made = std::make_shared<group>();
    made->commands.emplace_back("ROLLBACK");
    made->is_rollback = true;
    made->number = ++last_group_;
    waiting_.push_front(std::move(made));
    send_waiting();
}

void pipeline::wait_readable()
{
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const boost::system::error_code& failure) {
                           if (failure || !self->conn_) return;
                           self->receive();
                           if (self->conn_) self->wait_readable();
                       });
}

void pipeline::receive()
{
    if (!PQconsumeInput(conn_.get())) {
        lose(is_void_ ? *is_void_ : libpq_text(conn_.get()));
        return;
    }
    take_results();
    if (conn_) send_waiting();
}

void pipeline::take_results()
{
    while (conn_) {
        // Reads notices too, which may void the result behind them.
        const bool is_busy = PQisBusy(conn_.get()) != 0;
        if (is_void_) return lose(*is_void_);
        if (is_busy || sent_.empty()) return;
        const auto front = sent_.front();
        pg_result* result = PQgetResult(conn_.get());
        if (!result && front->is_text) {
            end_text();
        } else if (!result) {
            ++front->position;
        } else {
            take(*front, result);
        }
    }
}

void pipeline::take(group& front, pg_result* result)
{
    rows taken(result);
    switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_SYNC: return take_sync(sent_.front());
        case PGRES_PIPELINE_ABORTED:
        case PGRES_EMPTY_QUERY: return;
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK: break;
        case PGRES_FATAL_ERROR: return note_failure(front, result);
        default: return lose("the server has given an answer that was not asked for");
    }
    if (front.is_text) return;
    if (front.position >= front.steps.size()) return lose("the server has answered too often");
    const auto& step = front.steps[front.position];
    if (step.is_prepare) return names_.confirm(step.name);
    const std::string_view tag = PQcmdStatus(result);
    if (tag == "BEGIN" || tag == "START TRANSACTION") is_in_transaction_ = true;
    if (tag == "COMMIT" || tag == "ROLLBACK") is_in_transaction_ = false;
    // COMMIT of a transaction that has failed succeeds as a ROLLBACK.
    if (tag == "ROLLBACK" && front.commands[step.command].sql.starts_with("COMMIT")) {
        front.failure = postgres_error(where_ + ": the transaction was rolled back", "40000");
    }
    front.results.push_back(std::move(taken));
}

void pipeline::note_failure(group& front, const pg_result* result)
{
    auto failure = failed_statement(where_, result);
    if (ends_connection(result) || PQstatus(conn_.get()) == CONNECTION_BAD) {
        lose(failure.what());
        return;
    }
    if (!front.is_text && front.position < front.steps.size()) {
        const auto& step = front.steps[front.position];
        if (failure.sqlstate() == "26000" || failure.sqlstate() == "0A000") {
            // It is not there, or its table has changed: the next run prepares it again.
            names_.forget(step.name);
        } else if (front.commands[step.command].sql.starts_with("COMMIT")) {
            is_in_transaction_ = false;
        }
    }
    if (!front.failure) front.failure = std::move(failure);
}

void pipeline::take_sync(std::shared_ptr<group> ended)
{
    sent_.pop_front();
    if (!sent_.empty()) front_since_ = clock::now();
    for (const auto& step : ended->steps) {
        if (step.is_prepare) names_.forget_unconfirmed(step.name);
    }
    if (ended->is_rollback) {
        if (ended->failure) return lose(ended->failure->what());
        is_rolling_back_ = false;
    }
    if (ended->is_refused_for_another()) {
        ended->reset();
        waiting_.push_back(std::move(ended));
        return;
    }
    if (is_transaction_failed(*ended) && !is_rolling_back_) {
        const bool is_own = ended->is_whole_transaction();
        for (const auto& each : sent_) each->is_behind_failure = is_own;
        roll_back();
    }
    ended->end();
}

/// libpq says so only when no answer is awaited.
bool pipeline::is_transaction_failed(const group& ended)
{
    if (!sent_.empty()) return ended.failure && is_in_transaction_;
    const auto status = PQtransactionStatus(conn_.get());
    is_in_transaction_ = status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
    return status == PQTRANS_INERROR;
}

void pipeline::end_text()
{
    const auto ended = sent_.front();
    sent_.pop_front();
    if (!PQenterPipelineMode(conn_.get())) return lose(libpq_text(conn_.get()));
    if (is_transaction_failed(*ended)) roll_back();
    ended->end();
}

}  // namespace ocpi::crud::postgres
