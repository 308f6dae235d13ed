#pragma once

#include "crud/crud.hpp"
#include "crud/errors.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// What the stores of this server share in their use of the Crud port.
namespace ocpi::crud {

/// How often a change is tried while others write to the same record.
inline constexpr int max_write_attempts = 20;

/// Updates the record that was read at the revision `base`; without one, creates it. Fails with an
/// is_write_conflict() when another was quicker, be it to remove the record.
boost::asio::awaitable<result<revision>> save(Crud& crud, std::string_view module,
                                              interface_side side, document document,
                                              std::optional<revision> base);

/// All records of a module, in the order of creation.
boost::asio::awaitable<result<std::vector<record>>> list_all(Crud& crud, std::string_view module,
                                                             interface_side side);

/// Awaits attempt(), a coroutine that returns a result, and retries it on a write conflict, at
/// most 20 times in all. The attempt must outlive the coroutine: it must not be a temporary.
template <class Attempt>
auto retry_on_conflict(const Attempt& attempt) -> decltype(attempt())
{
    auto outcome = co_await attempt();
    for (int tries = 1; tries < max_write_attempts && outcome.has_error(); ++tries) {
        if (!is_write_conflict(outcome.error())) break;
        outcome = co_await attempt();
    }
    co_return outcome;
}

/// A value as the store holds it.
template <class T>
struct stored {
    T value;
    crud::revision revision = 0;
};

/// How a value becomes a record of its module, and is read from one.
template <class T>
struct codec {
    document (*write)(object_key key, const T& value);
    /// errc::storage when the record is damaged.
    result<T> (*read)(const record& from);
};

/// A typed view of one module of the store. Thread safe.
template <class T>
class repository {
public:
    using found = std::optional<stored<T>>;
    /// Makes of what is stored what shall be stored; std::nullopt leaves it as it is.
    using change = std::function<result<std::optional<T>>(const found& current)>;

    repository(std::shared_ptr<Crud> crud, std::string_view module, interface_side side,
               codec<T> form)
        : crud_(std::move(crud)), module_(module), side_(side), form_(form)
    {
    }

    /// std::nullopt when there is no such record.
    boost::asio::awaitable<result<found>> find(object_key key) const
    {
        const auto record = co_await crud_->get(module_, side_, std::move(key));
        if (record.has_error()) {
            if (record.error().code() != errc::not_found) co_return record.error();
            co_return found();
        }
        auto value = form_.read(*record);
        if (value.has_error()) co_return value.error();
        co_return found(stored<T>{std::move(*value), record->revision});
    }

    /// As crud::save(). The value is written before this function returns.
    boost::asio::awaitable<result<revision>> save(object_key key, const T& value,
                                                  std::optional<revision> base) const
    {
        return crud::save(*crud_, module_, side_, form_.write(std::move(key), value), base);
    }

    /// Creates or updates the record as `make` says, which is called again, with what is then
    /// stored, after a write conflict; at most 20 times, then errc::overloaded. Its errors end the
    /// update. Returns what is stored in the end.
    boost::asio::awaitable<result<found>> update_with(object_key key, change make) const
    {
        auto current = co_await find(key);
        if (current.has_error()) co_return current;
        co_return co_await update_from(std::move(*current), std::move(key), std::move(make));
    }

    /// The same, where `current` is what find() has returned lately.
    boost::asio::awaitable<result<found>> update_from(found current, object_key key,
                                                      change make) const
    {
        for (int attempt = 0; attempt < max_write_attempts; ++attempt) {
            auto made = make(current);
            if (made.has_error()) co_return made.error();
            if (!*made) co_return current;
            std::optional<revision> base;
            if (current) base = current->revision;
            const auto saved = co_await save(key, **made, base);
            if (saved.has_value()) co_return found(stored<T>{std::move(**made), *saved});
            if (!is_write_conflict(saved.error())) co_return saved.error();
            auto latest = co_await find(key);
            if (latest.has_error()) co_return latest;
            current = std::move(*latest);
        }
        co_return error(errc::overloaded,
                        "too many others change this record; try again in a moment");
    }

    /// errc::not_found when there is no such record.
    boost::asio::awaitable<result<void>> remove(object_key key) const
    {
        return crud_->remove(module_, side_, std::move(key));
    }

private:
    std::shared_ptr<Crud> crud_;
    std::string_view module_;  // of static storage
    interface_side side_;
    codec<T> form_;
};

}  // namespace ocpi::crud
