#include "tests/cluster/event_follower.hpp"

#include "modules/sessions/view_id.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/recorded_client.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace ocpi;
using namespace std::chrono_literals;

event_follower::event_follower(servers at, std::size_t first, test::history& clock)
    : servers_(std::move(at)),
      clock_(clock),
      thread_([this, first](std::stop_token over) { follow(std::move(over), first); })
{
}

event_follower::~event_follower() = default;

void event_follower::follow(std::stop_token over, std::size_t first)
{
    for (auto at = first; !over.stop_requested(); ++at) {
        try {
            read(servers_[at % servers_.size()], over);
        } catch (const std::runtime_error&) {
            // The process has gone, or is silent.
            std::this_thread::sleep_for(20ms);
        }
    }
}

void event_follower::read(const boost::asio::ip::tcp::endpoint& server, const std::stop_token& over)
{
    test::socket_client stream(server, 2s);
    std::string request =
        "GET /v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\n";
    {
        const std::lock_guard lock(mutex_);
        request += "Last-Event-ID: " + std::to_string(last_id_) + "\r\n";
    }
    stream.send(request + "\r\n");
    const auto head = stream.read_until("\r\n\r\n");
    if (!head.starts_with("HTTP/1.1 200")) throw std::runtime_error("refused: " + head);
    for (bool is_first = true; !over.stop_requested(); is_first = false) {
        read_one(stream);
        const std::lock_guard lock(mutex_);
        streams_ += is_first ? 1 : 0;
    }
}

void event_follower::read_one(test::socket_client& stream)
{
    test::stream_event event;
    stream.read_until("\nid: ");
    event.id = std::stoull(stream.read_until("\n"));
    stream.read_until("\ndata: ");
    const auto data = stream.read_until("\n");
    event.received = clock_.now();
    const auto parsed = json::parse(data);
    if (parsed.has_error()) throw std::runtime_error("an event is not JSON");
    event.session = std::string(parsed->root().find("id")->string());
    event.value = test::element_of(std::stoull(std::string(parsed->root().find("kwh")->text())));
    const std::lock_guard lock(mutex_);
    last_id_ = event.id;
    events_.push_back(std::move(event));
}

std::vector<test::stream_event> event_follower::events(const std::set<std::string>& sessions) const
{
    std::map<std::string, std::string> names;
    for (const auto& each : sessions) {
        names[sessions::view_id(crud::object_key("ES", "ABC", each))] = each;
    }
    const std::lock_guard lock(mutex_);
    auto named = events_;
    for (auto& each : named) {
        const auto found = names.find(each.session);
        if (found != names.end()) each.session = found->second;
    }
    return named;
}

std::map<std::string, std::string> event_follower::last_values(
    const std::set<std::string>& sessions) const
{
    std::map<std::string, std::string> last;
    for (const auto& each : events(sessions)) last[each.session] = each.value;
    return last;
}

int event_follower::streams() const
{
    const std::lock_guard lock(mutex_);
    return streams_;
}

}  // namespace cluster
