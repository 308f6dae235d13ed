#pragma once

#include "crud/crud.hpp"
#include "crud/store_contents.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// Moving a whole store to another kind of store, for the operator: all records of all modules,
/// each with its revision and its place in the order of creation. Blocking, on one thread, in a
/// process that does no other work. Functions throw std::runtime_error with a text for the
/// operator.
namespace ocpi::crud {

/// A record with what a store alone knows of it.
struct stored_record {
    std::string module;
    /// Its place in the order of creation, which is one order for all modules. Never 0.
    std::uint64_t sequence = 0;
    crud::record record;
};

/// The numbers that a store gave last.
struct store_numbers {
    crud::revision revision = 0;
    std::uint64_t sequence = 0;

    friend bool operator==(const store_numbers&, const store_numbers&) = default;
};

/// How much read() returns, about.
inline constexpr std::size_t copy_batch_records = 1000;
inline constexpr std::uint64_t copy_batch_bytes = 8 * 1024 * 1024;

/// A store that is read as a whole. No server may write to it meanwhile: each write raises the
/// revision of latest().
class record_source {
public:
    virtual ~record_source() = default;

    virtual store_numbers latest() = 0;
    virtual std::uint64_t count() = 0;
    /// The next records in the order of creation, from the first one on; none at the end.
    virtual std::vector<stored_record> read() = 0;
};

/// From where records are copied: another origin is another copy.
struct copy_origin {
    /// Names the source, without a password.
    std::string source;
    store_numbers latest;

    friend bool operator==(const copy_origin&, const copy_origin&) = default;
};

/// A store that is filled. It keeps how far the copy is, so that one that was interrupted is
/// resumed; until finish() no server starts on it.
class record_sink {
public:
    virtual ~record_sink() = default;

    /// Returns the sequence up to which all records are there. What an unfinished copy of another
    /// state of the same source has left is removed. Throws when other data is there, an unfinished
    /// copy of another source included.
    virtual std::uint64_t begin(const copy_origin& origin) = 0;
    /// Adds records in one transaction, durable when it returns.
    virtual void write(const std::vector<stored_record>& records) = 0;
    /// What has been written, from the first record on.
    virtual std::unique_ptr<record_source> read_back() = 0;
    /// Makes a store of it that servers may use.
    virtual void finish() = 0;
};

/// The source has been written to, or the copy is not what was read.
class copy_differs : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class copy_step { copy, verify };

struct copy_progress {
    copy_step step = copy_step::copy;
    std::uint64_t records = 0;
    /// Of these, those that an earlier run has copied.
    std::uint64_t skipped = 0;
    std::uint64_t total = 0;
};

/// Called at least once for each step.
using copy_report = std::function<void(const copy_progress&)>;

/// Copies what is not there yet, reads all of it back, compares number and hash of each module, and
/// finishes the sink. Throws copy_differs too.
store_contents copy_records(const std::string& source_name, record_source& from, record_sink& to,
                            const copy_report& report);

}  // namespace ocpi::crud
