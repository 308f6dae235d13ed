#pragma once

#include "crud/memory/memory_crud.hpp"
#include "modules/sessions/session_writer.hpp"
#include "tests/cluster/checks.hpp"
#include "tests/support/scripted_peer.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cluster {

/// Now, as an instant of the checks.
instant now();

/// Which of the processes has the connection between these ports of 127.0.0.1; 0: none of them.
pid_t find_process_of(unsigned short client_port, unsigned short server_port,
                      const std::vector<pid_t>& processes);

/// A partner in the roles EMSP and CPO that takes what it is sent, by our own rules, and records
/// which process has sent it. It has no sessions of its own. Safe from any thread.
class partner_receiver {
public:
    /// `processes` returns those that are alive.
    partner_receiver(std::string name, ocpi::party party,
                     std::function<std::vector<pid_t>()> processes);

    const std::string& name() const { return name_; }
    const ocpi::party& party() const { return party_; }

    /// Registers with the platform at that address by a registration token. Throws
    /// std::runtime_error.
    void register_with(const boost::asio::ip::tcp::endpoint& platform, const std::string& token_a);

    /// Messages under the leases push/NAME and pull/NAME.
    std::vector<receipt> receipts() const;
    /// The process of the last PUT or PATCH; 0 before the first.
    pid_t last_sender() const;

    /// The sessions that it holds, by id.
    std::map<std::string, std::string> sessions() const;

private:
    ocpi::test::peer_reply answer(const ocpi::http::request& request,
                                  ocpi::test::peer_connection by);
    ocpi::test::peer_reply take(const ocpi::http::request& request);
    void note(const std::string& what, ocpi::test::peer_connection by);

    const std::string name_;
    const ocpi::party party_;
    const std::function<std::vector<pid_t>()> processes_;
    const std::shared_ptr<ocpi::crud::memory_crud> store_;
    ocpi::sessions::session_writer writer_;
    std::map<std::size_t, pid_t> senders_;  // by connection; of the peer's thread
    mutable std::mutex mutex_;
    std::vector<receipt> receipts_;   // guarded by mutex_
    ocpi::test::scripted_peer peer_;  // the last: its thread uses the others
};

}  // namespace cluster
