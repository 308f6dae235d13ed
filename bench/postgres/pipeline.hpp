#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

/// As little of libpq as a loop needs that ocpi-sessions is compared with.
namespace ocpi::bench {

/// A value of a statement in PostgreSQL's binary form.
struct binary_value {
    std::string bytes;

    static binary_value number(std::int64_t value);
    static binary_value text(std::string_view value);
    static binary_value numbers(const std::vector<std::int64_t>& values);
    static binary_value byte_arrays(const std::vector<std::string>& values);
    static binary_value texts(const std::vector<std::string>& values);

private:
    static binary_value array(std::uint32_t type, const std::vector<std::string>& values);
};

/// The rows that a statement has returned, in binary form.
class result_rows {
public:
    explicit result_rows(pg_result* result) : result_(result, &clear) {}

    int size() const;
    /// Of a bigint.
    std::int64_t number(int row, int column) const;

private:
    static void clear(pg_result* result) noexcept;
    std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

/// A connection whose statements go out together: add() each, then run(). Blocking; one thread.
/// Every function throws std::runtime_error.
class pipeline {
public:
    explicit pipeline(const std::string& url);
    ~pipeline();
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;

    /// Statements without values, outside the pipeline.
    void execute(const std::string& statements);
    void prepare(const std::string& name, const std::string& statement);

    void add(const std::string& name, const std::vector<binary_value>& values = {});
    /// One trip. Returns what each statement has returned.
    std::vector<result_rows> run();

private:
    pg_conn* connection_;
    std::size_t sent_ = 0;
};

}  // namespace ocpi::bench
