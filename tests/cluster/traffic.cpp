#include "tests/cluster/traffic.hpp"

#include "tests/support/child_process.hpp"

#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

constexpr unsigned caller_count = 4;
constexpr std::size_t shared_count = 8;
/// A session that is changed for long gets long.
constexpr std::uint64_t writes_of_shared = 400;
constexpr auto pause = 15ms;

/// One connection; nullptr when there is none to be had.
std::unique_ptr<test::recorded_client> connect(const boost::asio::ip::tcp::endpoint& server,
                                               test::history& to, test::write_numbers& numbers)
{
    try {
        return std::make_unique<test::recorded_client>(server, to, numbers);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

}  // namespace

std::string members_for(const std::string& party)
{
    return R"("auth_method":"WHITELIST","cdr_token":{"country_code":"DE","party_id":")" + party +
           R"(","uid":"U","type":"RFID","contract_id":"DE-)" + party + R"(-C1"},)";
}

traffic::traffic(boost::asio::ip::tcp::endpoint server, std::vector<std::string> parties,
                 unsigned seed)
    : server_(std::move(server)), parties_(std::move(parties))
{
    for (unsigned i = 0; i < caller_count; ++i) {
        callers_.emplace_back(
            [this, own_seed = seed + i](std::stop_token over) { call(std::move(over), own_seed); });
    }
}

void traffic::stop()
{
    for (auto& each : callers_) each.request_stop();
    callers_.clear();
}

bool traffic::await_writes(int count) const
{
    const int enough = acknowledged_ + count;
    return test::eventually([&] { return acknowledged_ >= enough; });
}

std::set<std::string> traffic::sessions() const
{
    const std::lock_guard lock(mutex_);
    return sessions_;
}

std::string traffic::party_of(const std::string& session)
{
    return session.substr(0, session.find('-'));
}

void traffic::call(std::stop_token over, unsigned seed)
{
    std::minstd_rand random(seed);
    std::unique_ptr<test::recorded_client> client;
    while (!over.stop_requested()) {
        if (!client) client = connect(server_, recorded, numbers);
        const auto choice = static_cast<unsigned>(random());
        if (client && !step(*client, choice, static_cast<unsigned>(random()))) client.reset();
        std::this_thread::sleep_for(pause);
    }
}

bool traffic::step(test::recorded_client& client, unsigned choice, unsigned random)
{
    const auto shared = choose_shared(random);
    const auto& party = parties_[random % parties_.size()];
    if (shared.empty()) return create(client, party, true);
    switch (choice % 8) {
        case 0:
        case 1: return create(client, party, false);
        case 2: return client.get(shared);
        default: {
            const bool is_there = client.patch(shared);
            acknowledged_ += client.was_acknowledged() ? 1 : 0;
            return is_there;
        }
    }
}

/// Under a name of its own: whether it is there after an answer that is lost is not known.
bool traffic::create(test::recorded_client& client, const std::string& party, bool is_shared)
{
    const auto name = party + (is_shared ? "-S" : "-O") + std::to_string(numbers.last());
    {
        const std::lock_guard lock(mutex_);
        if (!sessions_.insert(name).second) return true;
    }
    const bool is_there = client.put(name, members_for(party));
    if (!client.was_acknowledged()) return is_there;
    ++acknowledged_;
    const std::lock_guard lock(mutex_);
    if (is_shared) shared_.push_back(name);
    return is_there;
}

/// One of the youngest; empty: there must be more of them.
std::string traffic::choose_shared(unsigned random) const
{
    const std::lock_guard lock(mutex_);
    const auto wanted = shared_count * (1 + numbers.last() / writes_of_shared);
    if (shared_.size() < wanted) return {};
    return shared_[shared_.size() - 1 - random % shared_count];
}

}  // namespace cluster
