// How a pipeline is connected, and how it ends.

#include "crud/postgres/error_text.hpp"
#include "crud/postgres/pipeline_group.hpp"

#include <libpq-fe.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <new>

namespace ocpi::crud::postgres {

namespace {

using clock = std::chrono::steady_clock;

std::string seconds_text(std::chrono::milliseconds time)
{
    auto text = std::to_string(time.count() / 1000);
    if (const auto rest = time.count() % 1000; rest != 0) {
        text += '.' + std::to_string(1000 + rest).substr(1);
    }
    return text + " s";
}

}  // namespace

pipeline::pipeline(boost::asio::any_io_executor strand, std::string where,
                   std::chrono::milliseconds answer_timeout)
    : strand_(std::move(strand)),
      where_(std::move(where)),
      answer_timeout_(answer_timeout),
      socket_(strand_),
      timer_(strand_)
{
}

pipeline::~pipeline()
{
    close();
}

void pipeline::finish::operator()(pg_conn* conn) const noexcept
{
    PQfinish(conn);
}

int pipeline::server_version() const noexcept
{
    return conn_ ? PQserverVersion(conn_.get()) : 0;
}

std::string pipeline::parameter(const char* name) const
{
    const char* value = conn_ ? PQparameterStatus(conn_.get(), name) : nullptr;
    return value ? value : "";
}

boost::asio::awaitable<void> pipeline::connect(settings with, std::chrono::milliseconds timeout)
{
    const auto self = shared_from_this();
    const auto end = clock::now() + timeout;
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : with) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    is_connecting_ = true;
    conn_.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
    if (!conn_) throw std::bad_alloc();
    PQsetErrorVerbosity(conn_.get(), PQERRORS_VERBOSE);
    PQsetNoticeReceiver(conn_.get(), &pipeline::receive_notice, this);
    auto state =
        PQstatus(conn_.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED) {
            auto failure = failed_connect(where_, PQerrorMessage(conn_.get()));
            if (PQconnectionNeedsPassword(conn_.get())) {
                failure = {std::string(failure.what()) + "; " + std::string(advice_for("28P01")),
                           "28P01"};
            }
            close();
            throw failure;
        }
        co_await wait_for_socket(state == PGRES_POLLING_READING, timeout, end);
        state = PQconnectPoll(conn_.get());
    }
    PQsetErrorVerbosity(conn_.get(), PQERRORS_DEFAULT);
    is_connecting_ = false;
    if (PQsetnonblocking(conn_.get(), 1) != 0 || PQenterPipelineMode(conn_.get()) != 1) {
        auto failure = failed_connect(where_, PQerrorMessage(conn_.get()));
        close();
        throw failure;
    }
    socket_.assign(PQsocket(conn_.get()));
    wait_readable();
}

/// libpq may have changed to another socket since the last time, which may have the same number.
boost::asio::awaitable<void> pipeline::wait_for_socket(bool is_to_read,
                                                       std::chrono::milliseconds timeout,
                                                       clock::time_point end)
{
    socket_.assign(PQsocket(conn_.get()));
    timer_.expires_at(end);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& failure) {
        if (!failure && self->is_connecting_) self->socket_.cancel();
    });
    boost::system::error_code failure;
    const auto direction = is_to_read ? boost::asio::posix::stream_descriptor::wait_read
                                      : boost::asio::posix::stream_descriptor::wait_write;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, failure);
    co_await socket_.async_wait(direction, std::move(token));
    timer_.cancel();
    if (!conn_) refuse_closed();
    socket_.release();
    if (clock::now() >= end) {
        close();
        throw postgres_error(where_ + ": no connection within " + seconds_text(timeout), "");
    }
}

void pipeline::refuse_closed() const
{
    throw postgres_error(where_ + ": there is no connection", "08003");
}

void pipeline::receive_notice(void* self, const pg_result* notice)
{
    auto& pipeline = *static_cast<postgres::pipeline*>(self);
    if (ends_connection(notice)) {
        pipeline.is_void_ = failed_statement("the server says", notice).what();
        return;
    }
    // A COMMIT that waits for a standby and is cancelled reports success all the same.
    const char* function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
    if (function && std::string_view(function) == "SyncRepWaitForLSN") {
        pipeline.is_void_ =
            failed_statement("the standby has not confirmed a commit", notice).what();
    }
}

void pipeline::close() noexcept
{
    lose("it was closed");
}

void pipeline::lose(const std::string& why) noexcept
{
    if (!conn_) return;
    const std::string text = where_ + ": the connection is lost: " + why;
    if (socket_.is_open()) socket_.release();
    conn_.reset();
    is_connecting_ = false;
    timer_.cancel();
    const auto sent = std::exchange(sent_, {});
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& each : sent) {
        if (!each->failure) each->failure = postgres_error(text, "");
        each->end();
    }
    for (const auto& each : waiting) {
        each->failure = postgres_error(text, "08003");
        each->end();
    }
}

void pipeline::watch_front()
{
    if (!conn_ || sent_.empty() || is_timer_set_) return;
    is_timer_set_ = true;
    wait_for_deadline();
}

/// The timer is not set again for each group: when it rings, it looks at how long the oldest has
/// been waited for.
void pipeline::wait_for_deadline()
{
    timer_.expires_at(front_since_ + answer_timeout_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
        self->is_timer_set_ = false;
        if (!self->conn_ || self->sent_.empty()) return;
        if (clock::now() >= self->front_since_ + self->answer_timeout_) {
            self->lose("no answer within " + seconds_text(self->answer_timeout_));
        } else {
            self->watch_front();
        }
    });
}

}  // namespace ocpi::crud::postgres
