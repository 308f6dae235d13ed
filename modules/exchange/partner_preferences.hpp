#pragma once

#include "modules/sessions/preferences_forwarder.hpp"
#include "partners/partner_store.hpp"
#include "partners/platform_client.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// Sends charging preferences to the registered partner that is the session's CPO [sessions, Sender
/// interface, PUT method].
class partner_preferences final : public sessions::preferences_forwarder {
public:
    /// `own_emsp_parties`: the parties we act for: the session's eMSP, or else the first.
    partner_preferences(std::shared_ptr<partners::partner_store> partners,
                        std::shared_ptr<partners::platform_client> client,
                        std::vector<party> own_emsp_parties)
        : partners_(std::move(partners)),
          client_(std::move(client)),
          own_emsp_parties_(std::move(own_emsp_parties))
    {
    }

    boost::asio::awaitable<bool> can_reach(party cpo) override;
    boost::asio::awaitable<result<sessions::forwarded_preferences>> forward(
        party cpo, party emsp, std::string session_id, std::string body, std::string correlation_id,
        protocol::trace_context trace) override;

private:
    std::shared_ptr<partners::partner_store> partners_;
    std::shared_ptr<partners::platform_client> client_;
    std::vector<party> own_emsp_parties_;
};

}  // namespace ocpi::exchange
