#include "app/admin/metric_page.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>

namespace ocpi::app {

void metric_page::counter(std::string_view name, std::string_view about, double value,
                          const metric_labels& labels)
{
    add(name, about, prometheus::MetricType::Counter, labels).counter.value = value;
}

void metric_page::gauge(std::string_view name, std::string_view about, double value,
                        const metric_labels& labels)
{
    add(name, about, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void metric_page::histogram(std::string_view name, std::string_view about,
                            const histogram_counts& values, const metric_labels& labels)
{
    auto& written = add(name, about, prometheus::MetricType::Histogram, labels).histogram;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < values.counts.size(); ++i) {
        sum += values.counts[i];
        auto& bucket = written.bucket.emplace_back();
        bucket.cumulative_count = sum;
        bucket.upper_bound =
            i < values.bounds.size() ? values.bounds[i] : std::numeric_limits<double>::infinity();
    }
    written.sample_count = sum;
    written.sample_sum = values.sum;
}

std::string metric_page::text() const
{
    const prometheus::TextSerializer format;
    const prometheus::Serializer& writer = format;
    return writer.Serialize(families_);
}

prometheus::ClientMetric& metric_page::add(std::string_view name, std::string_view about,
                                           prometheus::MetricType type, const metric_labels& labels)
{
    auto family = std::find_if(families_.begin(), families_.end(),
                               [name](const auto& each) { return each.name == name; });
    if (family == families_.end()) {
        family = families_.emplace(families_.end());
        family->name = name;
        family->help = about;
        family->type = type;
    }
    auto& sample = family->metric.emplace_back();
    for (const auto& [label, value] : labels) {
        auto& written = sample.label.emplace_back();
        written.name = label;
        written.value = value;
    }
    return sample;
}

}  // namespace ocpi::app
