#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/postgres_error.hpp"
#include "crud/postgres/statement_names.hpp"
#include "ocpi/base/completion.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct pg_conn;
struct pg_result;

namespace ocpi::crud::postgres {

/// One libpq connection to one server, in pipeline mode, from its first packet to its end. It reads
/// whenever there is something to read, also while it has more to write than the server takes, so
/// neither waits for the other. Used on one strand; held by a shared_ptr, which its waits share.
///
/// libpq looks up the names of hosts by a blocking call within connect().
class pipeline : public std::enable_shared_from_this<pipeline> {
public:
    using settings = std::vector<std::pair<std::string, std::string>>;

    /// `where` names server and database in the texts of errors.
    pipeline(boost::asio::any_io_executor strand, std::string where,
             std::chrono::milliseconds answer_timeout);
    ~pipeline();
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;

    /// Once. `with` are libpq's keywords, which name one host.
    boost::asio::awaitable<void> connect(settings with, std::chrono::milliseconds timeout);

    /// As connection::run() and execute().
    boost::asio::awaitable<std::vector<rows>> run(std::vector<command> commands);
    boost::asio::awaitable<void> execute(std::string sql);

    bool is_open() const noexcept { return conn_ != nullptr && !is_connecting_; }
    std::size_t in_flight() const noexcept { return waiting_.size() + sent_.size(); }
    const std::string& where() const noexcept { return where_; }
    /// Such as 150004.
    int server_version() const noexcept;
    /// What the server has reported of itself, such as server_encoding; empty if it has not.
    std::string parameter(const char* name) const;

    /// Everything under way fails as when the connection is lost.
    void close() noexcept;

private:
    struct group;
    struct finish {
        void operator()(pg_conn* conn) const noexcept;
    };
    static void receive_notice(void* self, const pg_result* notice);

    // Connecting.
    boost::asio::awaitable<void> wait_for_socket(bool is_to_read, std::chrono::milliseconds timeout,
                                                 std::chrono::steady_clock::time_point end);

    // Sending.
    boost::asio::awaitable<void> finish_group(std::shared_ptr<group> made);
    void enqueue(std::shared_ptr<group> added);
    void send_waiting();
    bool send(group& sent);
    bool send_command(group& sent, std::size_t place);
    bool send_text(const group& sent);
    void deallocate(const std::string& name);
    void flush();
    void roll_back();

    // Receiving.
    void wait_readable();
    void receive();
    void take_results();
    void take(group& front, pg_result* result);
    void take_sync(std::shared_ptr<group> ended);
    bool is_transaction_failed(const group& ended);
    void end_text();
    void note_failure(group& front, const pg_result* result);

    // Deadlines.
    void watch_front();
    void wait_for_deadline();

    void lose(const std::string& why) noexcept;
    [[noreturn]] void refuse_closed() const;

    boost::asio::any_io_executor strand_;
    std::string where_;
    std::chrono::milliseconds answer_timeout_;
    std::unique_ptr<pg_conn, finish> conn_;
    // Owns nothing: libpq closes the socket.
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer timer_;
    bool is_connecting_ = false;
    bool is_waiting_to_write_ = false;
    bool is_timer_set_ = false;
    /// As the answers tell that have been read.
    bool is_in_transaction_ = false;
    /// A ROLLBACK is on its way: what the server refuses before it has no part in the failure.
    bool is_rolling_back_ = false;
    /// Why the connection must not be used any longer; found in a notice.
    std::optional<std::string> is_void_;
    std::chrono::steady_clock::time_point front_since_;
    std::uint64_t last_group_ = 0;
    statement_names names_;
    std::deque<std::shared_ptr<group>> waiting_;  // not sent
    std::deque<std::shared_ptr<group>> sent_;     // not answered in full
};

}  // namespace ocpi::crud::postgres
