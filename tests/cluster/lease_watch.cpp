#include "tests/cluster/lease_watch.hpp"

#include "tests/cluster/partner_receiver.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace std::chrono_literals;

namespace {

/// Milliseconds by the database's clock.
constexpr const char* statement =
    "SELECT name, holder, epoch, (extract(epoch FROM taken_at) * 1000)::bigint,"
    " (extract(epoch FROM expires_at) * 1000)::bigint,"
    " (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM lease ORDER BY name";

bool is_same_state(const lease_sample& a, const lease_sample& b)
{
    return a.name == b.name && a.holder == b.holder && a.epoch == b.epoch &&
           a.taken_at == b.taken_at && a.expires_at == b.expires_at;
}

}  // namespace

/// A connection that blocks.
class lease_watch::session {
public:
    explicit session(const std::string& url) : connection_(::PQconnectdb(url.c_str()))
    {
        if (::PQstatus(connection_) != CONNECTION_OK) fail();
    }
    ~session() { ::PQfinish(connection_); }
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    std::vector<lease_sample> read()
    {
        PGresult* const result = ::PQexec(connection_, statement);
        if (::PQresultStatus(result) != PGRES_TUPLES_OK) {
            ::PQclear(result);
            fail();
        }
        std::vector<lease_sample> rows;
        for (int row = 0; row < ::PQntuples(result); ++row) {
            const auto text = [&](int column) {
                return std::string(::PQgetvalue(result, row, column));
            };
            rows.push_back({text(0), text(1), std::stoull(text(2)), std::stoll(text(3)),
                            std::stoll(text(4)), std::stoll(text(5))});
        }
        ::PQclear(result);
        return rows;
    }

private:
    [[noreturn]] void fail() const
    {
        throw std::runtime_error(std::string("leases: ") + ::PQerrorMessage(connection_));
    }

    PGconn* const connection_;
};

lease_watch::lease_watch(std::string url) : url_(std::move(url))
{
    add(session(url_).read());
    thread_ = std::jthread([this](std::stop_token over) { watch(std::move(over)); });
}

lease_watch::~lease_watch() = default;

void lease_watch::watch(std::stop_token over)
{
    while (!over.stop_requested()) {
        try {
            session reader(url_);
            while (!over.stop_requested()) {
                add(reader.read());
                std::this_thread::sleep_for(10ms);
            }
        } catch (const std::runtime_error&) {
            // The database is away.
            std::this_thread::sleep_for(50ms);
        }
    }
}

void lease_watch::add(std::vector<lease_sample> read)
{
    const std::lock_guard lock(mutex_);
    for (const auto& each : read) {
        const bool is_known =
            std::any_of(latest_.begin(), latest_.end(),
                        [&](const lease_sample& other) { return is_same_state(each, other); });
        if (!is_known) samples_.push_back(each);
    }
    latest_ = std::move(read);
}

std::vector<lease_sample> lease_watch::samples() const
{
    const std::lock_guard lock(mutex_);
    return samples_;
}

pid_t lease_watch::holder(const std::string& lease) const
{
    const std::lock_guard lock(mutex_);
    for (const auto& each : latest_) {
        if (each.name == lease) return process_of(each.holder);
    }
    return 0;
}

}  // namespace cluster
