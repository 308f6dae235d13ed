#pragma once

#include "crud/crud.hpp"
#include "crud/store_watch.hpp"
#include "modules/tariffs/tariff_store.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace ocpi::tariffs {

/// When the tariffs of other processes are looked at; real time.
struct tariff_watch_options {
    /// From one look to the next at least, and only while the store changes.
    std::chrono::milliseconds min_pause{250};
    /// The watch pauses for at least that many times as long as its last look took.
    int min_rest = 10;
    /// But not for longer: a read that met a network which hung says nothing about the next one.
    std::chrono::milliseconds max_rest{1'000};
};

/// Reports the tariffs that other processes write or remove. Safe from any thread.
class tariff_watch final : public crud::store_listener {
public:
    /// Called on the executor of start(); must not block or throw.
    using listener = std::function<void(const crud::object_key& changed)>;

    /// `log` may be nullptr.
    tariff_watch(std::shared_ptr<Crud> crud, listener on_change,
                 std::shared_ptr<logger> log = nullptr, tariff_watch_options options = {});
    ~tariff_watch() override;

    /// Reports what changes from now on. No effect while it runs.
    void start(boost::asio::any_io_executor executor);
    /// Releases the executor; await it before the executor's context ends.
    boost::asio::awaitable<void> stop();

    /// This process has made that change, which need not be reported.
    void on_own_change(const tariff_change& change) noexcept;
    void on_store_revision(crud::revision at) noexcept override;

private:
    class impl;
    const std::shared_ptr<impl> impl_;
    task_scope tasks_;
};

}  // namespace ocpi::tariffs
