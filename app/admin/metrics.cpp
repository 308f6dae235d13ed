#include "app/admin/metrics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ocpi::app {
namespace {

/// By exchange::message_outcome.
constexpr std::array<std::string_view, 3> outcome_names{"acknowledged", "rejected", "failed"};

double seconds_of(std::chrono::steady_clock::duration time)
{
    return std::chrono::duration<double>(time).count();
}

/// Seconds since 1970.
double timestamp_of(std::chrono::system_clock::time_point instant)
{
    return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

template <class T>
void add_gauge(metric_page& page, std::string_view name, std::string_view about,
               const std::optional<T>& value)
{
    if (value) page.gauge(name, about, static_cast<double>(*value));
}

void add_push(metric_page& page, const exchange::push_status& push, const partner_counts& counts,
              std::chrono::steady_clock::time_point now)
{
    const metric_labels partner{{"partner", push.partner}};
    const auto& state = push.state;
    auto lag = std::chrono::steady_clock::duration(0);
    if (state.lacking_since) lag = std::max(lag, now - *state.lacking_since);
    page.gauge("ocpi_push_lag_seconds",
               "Age of the oldest change of our sessions that the partner lacks; 0: it has all.",
               seconds_of(lag), partner);
    page.gauge("ocpi_push_backlog",
               "Sessions that are queued for the partner or being sent, rejected ones aside.",
               static_cast<double>(state.backlog), partner);
    page.gauge("ocpi_push_rejected_sessions",
               "Sessions that the partner has rejected; they are sent again from time to time.",
               static_cast<double>(state.rejected), partner);
    const auto of = counts.of(push.partner);
    for (std::size_t i = 0; i < outcome_names.size(); ++i) {
        page.counter("ocpi_push_deliveries_total",
                     "PUT and PATCH messages sent to the partner, by outcome.",
                     static_cast<double>(of.deliveries[i]),
                     {{"partner", push.partner}, {"outcome", std::string(outcome_names[i])}});
    }
}

void add_pull(metric_page& page, const std::string& partner, const partner_counts& counts)
{
    const auto of = counts.of(partner);
    const std::array<std::pair<const char*, std::uint64_t>, 3> results{
        std::pair("applied", of.pulled.applied), std::pair("unchanged", of.pulled.unchanged),
        std::pair("invalid", of.pulled.invalid)};
    for (const auto& [name, count] : results) {
        page.counter("ocpi_pull_objects_total", "Sessions pulled from the partner, by result.",
                     static_cast<double>(count), {{"partner", partner}, {"result", name}});
    }
    page.gauge("ocpi_pull_last_success_timestamp_seconds",
               "End of the last complete pull from the partner; 0: none since the start.",
               of.complete_pull ? timestamp_of(*of.complete_pull) : 0, {{"partner", partner}});
}

}  // namespace

void add_build_info(metric_page& page, const std::string& version)
{
    page.gauge("ocpi_build_info", "Always 1; the labels tell what is running.", 1,
               {{"version", version}, {"compiler", "g++ " __VERSION__}});
}

void add_process(metric_page& page, const process_status& status)
{
    if (status.cpu_seconds) {
        page.counter("process_cpu_seconds_total", "User and system CPU time.", *status.cpu_seconds);
    }
    add_gauge(page, "process_resident_memory_bytes", "Resident memory.", status.resident_bytes);
    add_gauge(page, "process_virtual_memory_bytes", "Virtual memory.", status.virtual_bytes);
    add_gauge(page, "process_open_fds", "Open file descriptors.", status.open_files);
    add_gauge(page, "process_max_fds", "Maximum of open file descriptors.", status.max_files);
    add_gauge(page, "process_threads", "Threads.", status.threads);
    add_gauge(page, "process_start_time_seconds", "Start of the process since 1970.",
              status.started_at);
}

void add_store(metric_page& page, const crud::store_report& store)
{
    for (const auto& queue : store.queues) {
        page.gauge("ocpi_store_queue_length", "Operations that wait for the database.",
                   static_cast<double>(queue.length), {{"queue", queue.kind}});
    }
    for (const auto& errors : store.errors) {
        page.counter("ocpi_store_errors_total",
                     "Operations that the database has failed; write: transactions.",
                     static_cast<double>(errors.count), {{"operation", errors.kind}});
    }
    if (!store.batch_writes.counts.empty()) {
        page.histogram("ocpi_store_batch_writes", "Writes that share a transaction.",
                       store.batch_writes);
    }
    if (!store.commit_seconds.counts.empty()) {
        page.histogram("ocpi_store_commit_duration_seconds",
                       "From the begin of a write transaction until it is on disk.",
                       store.commit_seconds);
    }
}

void add_sessions(metric_page& page, const status::session_counts& sessions)
{
    add_gauge(page, "ocpi_sessions_live", "Sessions in progress, stale ones included.",
              sessions.live);
    add_gauge(page, "ocpi_sessions_stale",
              "Sessions in progress, or over without their final reading, that have had no update "
              "for 30 minutes.",
              sessions.stale);
}

void add_application(metric_page& page, const application_report& application)
{
    page.gauge("ocpi_http_connections", "Open connections of the public addresses.",
               static_cast<double>(application.server.connections));
    page.gauge("ocpi_event_streams", "Open streams of events.",
               static_cast<double>(application.event_streams));
    for (const auto& lease : application.leases) {
        page.gauge("ocpi_lease_held",
                   "1 while this process does that work, of which one of the processes on a "
                   "database does each piece; else 0.",
                   lease.is_held ? 1 : 0, {{"lease", lease.name}});
    }
    if (application.certificate_expiry) {
        page.gauge("ocpi_tls_certificate_expiry_timestamp_seconds",
                   "When the certificate in use, or an intermediate one, expires.",
                   timestamp_of(*application.certificate_expiry));
    }
}

void add_partners(metric_page& page, const application_report& application,
                  const partner_counts& counts, std::chrono::steady_clock::time_point now)
{
    for (const auto& push : application.pushes) add_push(page, push, counts, now);
    for (const auto& partner : application.pulls) add_pull(page, partner, counts);
}

}  // namespace ocpi::app
