#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::server {

using addresses = std::vector<boost::asio::ip::address>;

/// Looks up names on a few threads of its own, for Asio's resolver has one thread for all. Each
/// name takes one thread at most, however many ask for it, so that a name whose servers are silent
/// leaves the other threads to the other names. As many such names as there are threads hold up
/// the rest until the system gives one of them up: by default after 10 s for each server of
/// resolv.conf. A look-up that nobody waits for any more is not begun. Safe from any thread.
class name_lookup {
public:
    /// Asks for one name. It may block, and is called on several threads.
    using ask_function = std::function<result<addresses>(const std::string&)>;

    explicit name_lookup(ask_function ask, std::size_t max_threads = 4,
                         std::size_t max_waiting = 256);
    /// Does not wait for the threads, which may be blocked: they end by themselves.
    ~name_lookup();
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    /// The addresses of that name, one at least. At `end` at the latest errc::timed_out; else
    /// errc::not_found, or errc::overloaded while `max_waiting` other names wait for a thread.
    boost::asio::awaitable<result<addresses>> find(std::string host,
                                                   std::chrono::steady_clock::time_point end);

private:
    struct lookup;
    struct shared_state;
    class interest;

    const std::shared_ptr<shared_state> state_;
};

/// The same by the system's resolver, in its order of preference, with one name_lookup for the
/// whole process; an address is its own answer.
boost::asio::awaitable<result<addresses>> look_up(std::string host,
                                                  std::chrono::steady_clock::time_point end);

}  // namespace ocpi::server
