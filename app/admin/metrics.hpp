#pragma once

#include "app/admin/metric_page.hpp"
#include "app/admin/partner_counts.hpp"
#include "app/admin/process_status.hpp"
#include "application/application_report.hpp"
#include "crud/store_report.hpp"
#include "modules/status/session_counts.hpp"

#include <chrono>
#include <string>

/// The metrics of docs/metrics.md but those of HTTP requests: from what the parts of the process
/// report to the samples of one scrape.
namespace ocpi::app {

void add_build_info(metric_page& page, const std::string& version);
void add_process(metric_page& page, const process_status& status);
void add_store(metric_page& page, const crud::store_report& store);
void add_sessions(metric_page& page, const status::session_counts& sessions);
/// Connections, streams, certificates. `now`: of push lag.
void add_application(metric_page& page, const application_report& application);
void add_partners(metric_page& page, const application_report& application,
                  const partner_counts& counts, std::chrono::steady_clock::time_point now);

}  // namespace ocpi::app
