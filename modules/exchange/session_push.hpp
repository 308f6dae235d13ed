#pragma once

#include "crud/crud.hpp"
#include "crud/lease_tenure.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/partner_memory.hpp"
#include "modules/exchange/push_message.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/exchange/push_report.hpp"
#include "modules/exchange/push_target.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/lru_cache.hpp"
#include "ocpi/protocol/trace_context.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace ocpi::exchange {

/// What the pushes of all sessions to all partners share.
struct push_memory {
    partner_memory partners;
    /// The traces of requests that have changed sessions lately, by the revision they made.
    lru_cache<crud::revision, protocol::trace_context> traces;

    explicit push_memory(const push_options& limits);
};

/// What the pushes of all sessions to one partner share.
struct push_tools {
    /// Of the push to that partner: what is written is written through it.
    crud::lease_tenure tenure;
    std::shared_ptr<partners::platform_client> client;
    std::shared_ptr<exchange_observer> observer;
    std::shared_ptr<push_memory> memory;
    exchange::acknowledgements acknowledgements;
    /// What the partner reads from other processes is not known here: then a PATCH might meet a
    /// state that it was not made for.
    bool may_patch = true;

    push_tools(crud::lease_tenure during, std::shared_ptr<partners::platform_client> with,
               std::shared_ptr<exchange_observer> counting, std::shared_ptr<push_memory> knowing);
};

/// Brings one session to one partner in its latest state: reads it, and unless the partner has it
/// already sends what has changed by PATCH, or all of it by PUT [sessions, push model]. A rejected
/// PATCH is followed by the GET and the PUT that OCPI asks of a Sender. A PATCH that may have been
/// applied to another state than expected is followed by a PUT. What the partner has acknowledged
/// is stored.
class session_push {
public:
    /// `memory_key` names the partner in the partner_memory. Acknowledgements written up to
    /// `acknowledged_since` do not count. Once `stop` is requested, nothing more is sent, written
    /// or counted. `on_answer` is called when all that is left to do is to store that the partner
    /// has accepted the session.
    session_push(std::shared_ptr<push_tools> tools, std::shared_ptr<const push_target> target,
                 std::string memory_key, crud::revision acknowledged_since, std::stop_token stop,
                 std::function<void()> on_answer);

    /// The session has changed at revision `at_least`: done at once if a later state is known to be
    /// acknowledged. `attempts`: how many times it was brought to the partner before, in vain.
    boost::asio::awaitable<push_report> run(crud::object_key key, crud::revision at_least,
                                            unsigned attempts = 0);

private:
    /// std::nullopt: the session must be sent again.
    boost::asio::awaitable<std::optional<push_report>> bring(crud::object_key key);
    boost::asio::awaitable<push_report> send(const crud::record& record, push_message message);
    boost::asio::awaitable<push_report> repair(const crud::record& record);
    boost::asio::awaitable<push_report> put(const crud::record& record);
    boost::asio::awaitable<push_report> call(const crud::record& record, std::string_view method,
                                             std::string body,
                                             std::optional<json::document>* object = nullptr);

    session_at_partner place_of(const crud::record& record) const;
    bool counts(const std::optional<stored_acknowledgement>& found) const;

    std::shared_ptr<push_tools> tools_;
    std::shared_ptr<const push_target> target_;
    std::string memory_key_;
    crud::revision acknowledged_since_;
    std::stop_token stop_;
    std::function<void()> on_answer_;
    unsigned attempts_ = 0;
    std::string text_;  ///< the session in the partner's version of OCPI
};

}  // namespace ocpi::exchange
