#include "crud/record_copy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace record_copy_test {

using namespace ocpi;
using namespace ocpi::crud;

namespace {

stored_record made(const std::string& module, std::uint64_t sequence, const std::string& json)
{
    stored_record of;
    of.module = module;
    of.sequence = sequence;
    of.record.revision = sequence * 10;
    of.record.document = document(object_key("ES", "ABC", std::to_string(sequence)), json,
                                  date_time(), std::nullopt);
    return of;
}

/// Batches of two.
class list_source final : public record_source {
public:
    explicit list_source(std::vector<stored_record> records) : records_(std::move(records)) {}

    store_numbers latest() override { return numbers; }
    std::uint64_t count() override { return records_.size(); }
    std::vector<stored_record> read() override
    {
        std::vector<stored_record> batch;
        while (batch.size() < 2 && next_ < records_.size()) batch.push_back(records_[next_++]);
        if (batch.empty()) numbers.revision += changes_at_end;
        return batch;
    }

    store_numbers numbers{90, 9};
    std::uint64_t changes_at_end = 0;

private:
    std::vector<stored_record> records_;
    std::size_t next_ = 0;
};

struct list_sink final : record_sink {
    std::uint64_t begin(const copy_origin& of) override
    {
        origin = of;
        return reached;
    }
    void write(const std::vector<stored_record>& records) override
    {
        ++writes;
        written.insert(written.end(), records.begin(), records.end());
    }
    std::unique_ptr<record_source> read_back() override
    {
        return std::make_unique<list_source>(written);
    }
    void finish() override { is_finished = true; }

    std::uint64_t reached = 0;
    copy_origin origin;
    std::vector<stored_record> written;
    int writes = 0;
    bool is_finished = false;
};

std::vector<stored_record> three_records()
{
    return {made("sessions", 2, "{}"), made("tariffs", 3, "[]"), made("sessions", 7, "1")};
}

/// The text of the difference.
std::string difference_of(list_source& from, list_sink& to)
{
    try {
        copy_records("source", from, to, [](const auto&) {});
    } catch (const copy_differs& difference) {
        return difference.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("crud/record_copy: all records are copied, read back and counted")
{
    list_source from(three_records());
    list_sink to;
    std::vector<std::pair<copy_step, std::uint64_t>> steps;
    const auto contents = copy_records("source", from, to, [&](const copy_progress& so_far) {
        CHECK(so_far.total == 3);
        CHECK(so_far.skipped == 0);
        steps.emplace_back(so_far.step, so_far.records);
    });
    CHECK(to.is_finished);
    CHECK(to.written.size() == 3);
    CHECK(to.origin == copy_origin{"source", {90, 9}});
    CHECK(contents.records == 3);
    CHECK(contents.last_revision == 90);
    CHECK(contents.modules ==
          std::vector<store_contents::module_count>{{"sessions", 2}, {"tariffs", 1}});
    using enum copy_step;
    CHECK(steps ==
          decltype(steps){{copy, 0}, {copy, 2}, {copy, 3}, {verify, 0}, {verify, 2}, {verify, 3}});
}

TEST_CASE("crud/record_copy: a copy that was interrupted goes on behind what is there")
{
    auto records = three_records();
    for (std::uint64_t there = 0; there <= records.size(); ++there) {
        CAPTURE(there);
        list_source from(records);
        list_sink to;
        to.written.assign(records.begin(), records.begin() + static_cast<long>(there));
        to.reached = there == 0 ? 0 : to.written.back().sequence;
        copy_records("source", from, to, [](const auto&) {});
        CHECK(to.is_finished);
        CHECK(to.written.size() == 3);
    }
}

TEST_CASE("crud/record_copy: a source that is written to meanwhile is not finished")
{
    list_source from(three_records());
    from.changes_at_end = 1;
    list_sink to;
    CHECK(difference_of(from, to).find("has been written to while it was copied") !=
          std::string::npos);
    CHECK_FALSE(to.is_finished);
}

TEST_CASE("crud/record_copy: each module that differs is named")
{
    const auto spoil = [](auto change) {
        list_source from(three_records());
        list_sink to;
        // What an earlier run has written, and the disk has changed.
        to.written = three_records();
        to.reached = 7;
        change(to.written);
        auto text = difference_of(from, to);
        CHECK_FALSE(to.is_finished);
        return text;
    };
    CHECK(spoil([](auto& of) { of.pop_back(); }) ==
          "the copy differs from source: sessions: 1 records in place of 2");
    CHECK(spoil([](auto& of) { of[1].record.document.json = "[ ]"; }) ==
          "the copy differs from source: tariffs: other contents");
    CHECK(spoil([](auto& of) { of[0].record.revision = 21; }) ==
          "the copy differs from source: sessions: other contents");
    CHECK(spoil([](auto& of) { std::swap(of[0], of[1]); }) ==
          "the copy differs from source: the records are in another order");
    CHECK(spoil([](auto& of) { of[1].module = "tokens"; }) ==
          "the copy differs from source: tariffs: 0 records in place of 1; tokens: 1 records in "
          "place of 0");
}

}  // namespace record_copy_test
