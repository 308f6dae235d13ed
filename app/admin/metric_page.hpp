#pragma once

#include "ocpi/base/histogram.hpp"

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::app {

/// Names and values of a sample's labels.
using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// The metrics of one scrape, in Prometheus' text format. Metrics are named with their base unit; a
/// name is always used with the same kind and the same description.
class metric_page {
public:
    /// A total, which only grows.
    void counter(std::string_view name, std::string_view about, double value,
                 const metric_labels& labels = {});
    void gauge(std::string_view name, std::string_view about, double value,
               const metric_labels& labels = {});
    void histogram(std::string_view name, std::string_view about, const histogram_counts& values,
                   const metric_labels& labels = {});

    std::string text() const;

private:
    prometheus::ClientMetric& add(std::string_view name, std::string_view about,
                                  prometheus::MetricType type, const metric_labels& labels);

    std::vector<prometheus::MetricFamily> families_;
};

}  // namespace ocpi::app
