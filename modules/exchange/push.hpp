#pragma once

#include "crud/crud.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/serving_listener.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/partner_store.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace ocpi::exchange {

struct push_context;

/// What a pusher is made of.
struct push_parts {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<partners::partner_store> partners;
    std::shared_ptr<partners::platform_client> client;
    /// Our parties that are CPOs: their sessions are pushed.
    std::vector<party> own_cpo_parties;
    /// nullptr: silence.
    std::shared_ptr<logger> log;
    /// nullptr: nobody counts.
    std::shared_ptr<exchange_observer> observer;
    push_options options;
};

/// Brings every change of our own sessions to the eMSP of its cdr_token [sessions, push model]:
/// to the first registered partner that is this eMSP and has a Receiver interface for sessions.
/// docs/partners.md tells what is promised.
///
/// No messages are kept. What is kept, durably, is which partner has which revision of which
/// session, so that at any time, after any failure and any restart, what is missing is the
/// difference to what the store holds.
class pusher final : public sessions::change_listener, public sessions::serving_listener {
public:
    /// Throws std::invalid_argument when the store, the partners or the client are missing.
    explicit pusher(push_parts parts);
    ~pusher() override;

    /// Begins to push, upon this executor, whose context may have any number of threads. Does
    /// nothing while it pushes already.
    void start(boost::asio::any_io_executor executor);

    /// Finishes what is on its way, but waits for options.stop_grace at most. Afterwards nothing
    /// is sent, written, logged or counted any more, even if an answer still comes in, and nothing
    /// of the executor is held on to. To be awaited before the executor's context ends.
    boost::asio::awaitable<void> stop();

    /// Reads the list of partners now. From any thread.
    void partners_changed();

    void on_change(const sessions::session_change& change) noexcept override;

    /// A partner that has the session has it still.
    boost::asio::awaitable<void> on_same_session(crud::object_key key, crud::revision before,
                                                 crud::revision now) override;

    /// Remembers it, also while nothing is pushed: the next change of that session goes by PUT.
    void on_served(const crud::record& session) noexcept override;

private:
    class running;
    std::shared_ptr<running> find_running() const;

    const std::shared_ptr<push_context> context_;
    const std::shared_ptr<partners::partner_store> partners_;
    mutable std::mutex mutex_;
    std::shared_ptr<running> running_;  // guarded by mutex_
};

}  // namespace ocpi::exchange
