#pragma once

#include "crud/crud.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/partner_memory.hpp"
#include "modules/exchange/push_message.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// Where the sessions of a partner go.
struct push_target {
    partners::platform_access access;
    /// What a partner had by a former registration tells nothing about this one.
    std::string registration;
    protocol::version version = protocol::version::v2_3_0;
    /// Of the Receiver interface of its sessions module.
    std::string url;
    /// The eMSPs that it is, as far as no other partner comes first.
    std::vector<party> emsps;
    /// A session that is COMPLETED goes whole (push_message.hpp).
    bool closing_put = false;
};

enum class push_outcome {
    done,          ///< the partner has it, or it is none of this partner's matter
    refused,       ///< the partner does not take it
    unreached,     ///< the partner is a hub, and does not reach the eMSP at present
    failed,        ///< the partner is not well
    store_failed,  ///< our own store is not well
    abandoned,     ///< nobody waits for it any more
};

struct push_report {
    push_outcome outcome = push_outcome::done;
    /// For the log: the partner's words, or the store's.
    std::string words;
    /// The state of the session that this is about; the greatest of all when there is no session
    /// to be sent.
    crud::revision revision = std::numeric_limits<crud::revision>::max();
    /// True when a message was sent.
    bool was_sent = false;
    /// True when the partner has taken the whole session.
    bool was_put = false;
    /// True when the message was too long for the partner (HTTP 413).
    bool is_too_long = false;
    /// True when a message was acknowledged without the envelope that OCPI wants.
    bool is_without_envelope = false;
    /// For how long the partner asks not to be called again.
    std::optional<std::chrono::seconds> retry_after;

    push_report() = default;
    explicit push_report(push_outcome of, std::string why = {}) : outcome(of), words(std::move(why))
    {
    }
};

/// What the pushes of all sessions to all partners share.
struct push_tools {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<partners::platform_client> client;
    std::shared_ptr<exchange_observer> observer;
    acknowledgements marks;
    partner_memory memory;

    push_tools(std::shared_ptr<Crud> store, std::shared_ptr<partners::platform_client> with,
               std::shared_ptr<exchange_observer> counting, const push_options& limits);
};

/// Brings one session to one partner as it is at that moment: reads it, and unless the partner
/// has it already sends what changed by PATCH, or all of it by PUT [sessions, push model]. A
/// PATCH that is refused is followed by the GET and the PUT that OCPI asks of a Sender, one that
/// has met a partner with another state than was thought by a PUT. Only an acknowledgement
/// becomes a mark.
class session_push {
public:
    /// `memory` names the partner among the acknowledged sessions; marks written up to `since`
    /// do not count. Once `is_over` is set, nothing more is sent, written or told.
    session_push(std::shared_ptr<push_tools> tools, std::shared_ptr<const push_target> target,
                 std::string memory, crud::revision since,
                 std::shared_ptr<const std::atomic<bool>> is_over);

    boost::asio::awaitable<push_report> run(crud::object_key key);

    /// Does the partner have this state of the session, and is that written down?
    boost::asio::awaitable<result<bool>> is_settled(crud::object_key key, crud::revision revision);

private:
    /// std::nullopt: the session has to be sent once more.
    boost::asio::awaitable<std::optional<push_report>> bring(crud::object_key key);
    boost::asio::awaitable<push_report> send(const crud::record& record, push_message message);
    boost::asio::awaitable<push_report> repair(const crud::record& record);
    boost::asio::awaitable<push_report> put(const crud::record& record);
    boost::asio::awaitable<push_report> ask(const crud::record& record, std::string_view method,
                                            std::string body,
                                            std::optional<json::document>* object = nullptr);

    session_at_partner place_of(const crud::record& record) const;
    bool counts(const std::optional<stored_mark>& mark) const;

    std::shared_ptr<push_tools> tools_;
    std::shared_ptr<const push_target> target_;
    std::string memory_;
    crud::revision since_;
    std::shared_ptr<const std::atomic<bool>> is_over_;
    std::string text_;  ///< the session in the partner's version
};

}  // namespace ocpi::exchange
