#include "server/idle_connections.hpp"

#include <boost/asio/query.hpp>

#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;

namespace {

/// By which a context signals that it is being destroyed, before its sockets lose their ground.
class holder final : public asio::execution_context::service {
public:
    using key_type = holder;
    inline static asio::execution_context::id id;

    explicit holder(asio::execution_context& context) : asio::execution_context::service(context) {}

    void shutdown() override { connections->drop_all(); }

    const std::shared_ptr<idle_connections> connections = std::make_shared<idle_connections>();
};

}  // namespace

std::shared_ptr<idle_connections> idle_connections::of(const asio::any_io_executor& executor)
{
    auto& context = asio::query(executor, asio::execution::context);
    return asio::use_service<holder>(context).connections;
}

std::shared_ptr<outbound_connection> idle_connections::take(client_id client,
                                                            const std::string& pool,
                                                            std::chrono::milliseconds period)
{
    const auto oldest = std::chrono::steady_clock::now() - period;
    const std::lock_guard lock(mutex_);
    const auto known = clients_.find(client);
    if (known == clients_.end()) return nullptr;
    const auto found = known->second.find(pool);
    if (found == known->second.end()) return nullptr;
    std::shared_ptr<outbound_connection> taken;
    while (!found->second.empty() && !taken) {
        auto last = std::move(found->second.back());
        found->second.pop_back();
        if (last.since >= oldest && last.connection->is_quiet()) taken = std::move(last.connection);
    }
    if (found->second.empty()) known->second.erase(found);
    return taken;
}

void idle_connections::put(client_id client, const std::string& pool, std::size_t max_waiting,
                           std::chrono::milliseconds period,
                           std::shared_ptr<outbound_connection> connection)
{
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    auto& pools = clients_[client];
    for (auto& [name, waiting] : pools) {
        std::erase_if(waiting, [&](const idle& each) { return each.since < now - period; });
    }
    std::erase_if(pools, [&](const auto& entry) { return entry.second.empty(); });
    if (max_waiting == 0) return;
    auto& waiting = pools[pool];
    if (waiting.size() >= max_waiting) waiting.erase(waiting.begin());
    idle entry;
    entry.connection = std::move(connection);
    entry.since = now;
    waiting.push_back(std::move(entry));
}

void idle_connections::drop(client_id client)
{
    const std::lock_guard lock(mutex_);
    clients_.erase(client);
}

void idle_connections::drop_all()
{
    const std::lock_guard lock(mutex_);
    clients_.clear();
}

}  // namespace ocpi::server
