#pragma once

#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace ocpi::crud::sqlite {

class database;

/// A piece of work for a thread that owns a connection, with the coroutine that waits for its
/// outcome. Either complete(), after run(), or fail() is called, once, and ends it.
class job {
public:
    virtual ~job() = default;

    /// Does the work and keeps the outcome. Throws what the work throws.
    virtual void run(database& connection) = 0;
    /// Hands the outcome to the waiting coroutine.
    virtual void complete() = 0;
    /// Hands over a failure in place of any outcome.
    virtual void fail(const error& why) = 0;
};

using job_pointer = std::unique_ptr<job>;

/// A job made of a function from database& to result<T>.
template <class T, class Work>
class function_job final : public job {
public:
    function_job(Work work, completion<result<T>> waiting)
        : work_(std::move(work)), waiting_(std::move(waiting))
    {
    }

    void run(database& connection) override { outcome_.emplace(work_(connection)); }
    void complete() override { waiting_(std::move(*outcome_)); }
    void fail(const error& why) override { waiting_(result<T>(why)); }

private:
    Work work_;
    completion<result<T>> waiting_;
    std::optional<result<T>> outcome_;
};

}  // namespace ocpi::crud::sqlite
