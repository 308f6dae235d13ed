#pragma once

#include "bench/load/request_template.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::bench {

struct workload_options {
    std::string name;
    std::string token = "your-token";
    /// The sessions that exist: PREFIX00000000 and following.
    std::string prefix = "LOAD";
    std::uint32_t count = 20'000;
    /// Number of the first session that put_new makes.
    std::uint32_t first = 0;
    /// One of so many clients of the same sessions, from 0 on. Each begins at another session, so
    /// that two of them never write the same one at the same moment.
    std::uint32_t client = 0;
    std::uint32_t clients = 1;
    /// Of the page that page100 asks for.
    std::uint32_t offset = 0;
    /// Charging periods of the sessions that fill and settle make.
    int periods = 1;
    /// How many eMSPs the sessions are for, ES*P00 and following; 0: all for ES*ABC.
    std::uint32_t partners = 0;
    /// What lists ask for.
    std::string date_from = "2020-01-01T00:00:00Z";
    /// `emsp` or `cpo`: whose interface the OCPI requests go to.
    std::string interface = "cpo";
};

/// A kind of load: the same requests in the same order in each run.
///
/// | name | requests |
/// | --- | --- |
/// | fill, settle | PUT of the sessions 0 to `count` once each, under way or settled |
/// | put_new | PUT of sessions from `first` on, named NEW… |
/// | put_existing | PUT of existing sessions, each time with other content |
/// | patch_append | PATCH that appends one charging period |
/// | get_one | GET of one session |
/// | status, view | GET /v1/sessions/{id}/status, /v1/sessions/{id} |
/// | list50 | the first page of 50 |
/// | page100 | a page of 100 at `offset` |
/// | crud_mix | of 100: 75 get_one, 15 patch_append, 5 put_existing, 5 list50 |
/// | status_mix | of 100: 45 get_one, 20 patch_append, 25 status, 5 put_existing, 5 list50 |
class workload {
public:
    /// Throws std::invalid_argument for an unknown name.
    explicit workload(workload_options options);

    /// The next request; `now` is the time as an OCPI DateTime with milliseconds. Valid until the
    /// next call.
    std::string_view next(std::string_view now);

    /// How many requests there are; 0: without end.
    std::uint64_t size() const { return size_; }

    static const std::vector<std::string_view>& names();

private:
    struct kind {
        request_template text;
        bool is_new = false;
        bool has_view_id = false;
    };

    void add(std::string_view name, int weight);
    kind make(std::string_view name) const;
    void mix();
    std::string object_path(const std::string& prefix) const;
    std::string addressed(std::string body) const;

    workload_options options_;
    std::string authorization_;
    std::vector<kind> kinds_;
    /// Indexes of kinds_, each as often as its weight, in a fixed mixed order.
    std::vector<std::size_t> order_;
    std::vector<std::string> view_ids_;
    std::uint64_t size_ = 0;
    std::uint32_t sequence_ = 0;
    std::uint32_t place_ = 0;
};

}  // namespace ocpi::bench
