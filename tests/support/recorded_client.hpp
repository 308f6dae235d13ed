#pragma once

#include "tests/support/history.hpp"
#include "tests/support/ocpi_client.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace ocpi::test {

/// Numbers the writes of a test: each writes a kwh and a charging period of its own, so that a
/// session is a register with a list that grows (session_state).
class write_numbers {
public:
    std::uint64_t next() noexcept { return ++last_; }
    std::uint64_t last() const noexcept { return last_; }

private:
    std::atomic<std::uint64_t> last_{0};
};

/// The element that write number `number` appends: the instant of its charging period.
std::string element_of(std::uint64_t number);

/// Writes and reads sessions of ES*ABC with the token of `--dev`, and records it.
class recorded_client {
public:
    recorded_client(const boost::asio::ip::tcp::endpoint& server, history& to,
                    write_numbers& numbers)
        : client_(server, "your-token"), history_(to), numbers_(numbers)
    {
    }

    /// False when the server has gone. `members`: more of the session, each with a comma behind it.
    bool put(const std::string& id, const std::string& members = {});
    bool patch(const std::string& id);
    bool get(const std::string& id);

    /// Of the last write: it is durable.
    bool was_acknowledged() const { return was_acknowledged_; }

    /// Any request without a record.
    std::optional<wire_response> ask(std::string_view method, std::string_view target,
                                     std::string_view body = {})
    {
        return client_.request(method, target, body);
    }
    /// Waits for the server to close: true when it sends no byte more.
    bool is_closed_by_peer() { return client_.is_closed_by_peer(); }

private:
    bool write(const char* method, const std::string& id, std::uint64_t number,
               const std::string& body);

    ocpi_client client_;
    history& history_;
    write_numbers& numbers_;
    bool was_acknowledged_ = false;
};

/// What the list of our own sessions and the statistics say, compared with one another;
/// empty when they agree, else what differs. `listed` gets the ids.
std::string compare_totals(ocpi_client& client, std::vector<std::string>& listed);

}  // namespace ocpi::test
