#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// An instant in the order in which things happened to a test, whichever thread saw them: of two
/// instants taken one after the other the later one is greater.
using tick = std::uint64_t;

/// What a session holds: a register with a list that only grows. Each write sets the register to a
/// value that no other write of the session has, and appends an element that is its own: the value.
struct session_state {
    std::string value;
    std::vector<std::string> list;
};

/// A request of a client and its answer.
struct operation {
    enum class kind { write, read };
    enum class outcome {
        acknowledged,
        refused,  ///< it has not been done and never will be
        unknown,  ///< the answer was lost: it may be done at any time from its beginning on
    };

    kind what = kind::read;
    std::string session;
    outcome how = outcome::unknown;
    tick begun = 0;
    /// Of an unknown outcome it has no meaning.
    tick ended = 0;
    /// Of a write.
    std::string value;
    /// Of a read that was acknowledged; std::nullopt: there is no such session.
    std::optional<session_state> seen;
};

/// An event of a stream, when it was received.
struct stream_event {
    std::uint64_t id = 0;
    std::string session;
    std::string value;
    tick received = 0;
};

/// Records what the clients of a test ask and what they are answered. Thread safe and cheap.
class history {
public:
    tick now() noexcept { return ++clock_; }

    void add(operation done);
    void add(stream_event received);

    std::vector<operation> operations() const;
    std::vector<stream_event> events() const;

private:
    std::atomic<tick> clock_{0};
    mutable std::mutex mutex_;
    std::vector<operation> operations_;  // guarded by mutex_
    std::vector<stream_event> events_;   // guarded by mutex_
};

/// Why no order of the operations, each at some instant between its beginning and its end, explains
/// what the reads of each session saw; empty when there is one.
std::string find_violation(const std::vector<operation>& operations);

/// What is wrong with the events of one stream: ids that do not rise, an event of what was not
/// written or of what a later read did not find, an older state after a newer one, or a last state
/// other than that of the store. `stored`: the value of each session, read when the stream had
/// nothing more to send. Empty when all is well.
std::string find_stream_violation(const std::vector<stream_event>& events,
                                  const std::vector<operation>& operations,
                                  const std::map<std::string, std::string>& stored);

}  // namespace ocpi::test
