// The rule by which a PATCH is safe, against a partner that also pulls, in random order: no socket
// and no clock.

#include "modules/exchange/partner_memory.hpp"

#include "modules/exchange/push_message.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/json/writer.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace partner_memory_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::exchange;

namespace {

date_time updated_in(const json::document& session)
{
    return *read_stored_head(session).last_updated;
}

bool are_same(const std::string& a, const std::string& b)
{
    return json::same(json::parse(a)->root(), json::parse(b)->root(),
                      json::number_equality::amount);
}

/// What an eMSP holds of a session. It takes what is not older by last_updated than what it has.
class receiver {
public:
    const std::string& text() const { return text_; }

    bool take_whole(const std::string& session)
    {
        if (is_stale(session)) return false;
        text_ = session;
        return true;
    }

    bool take_patch(const std::string& patch)
    {
        if (text_.empty() || is_stale(patch)) return false;
        const auto sent = *json::parse(patch);
        const auto held = *json::parse(text_);
        json::object_writer merged;
        for (auto member : held.root()) {
            const auto change = sent.root().find(member.name());
            if (!change) {
                merged.raw(member.name(), member.text());
            } else if (const auto list = as_timed_list(member.name())) {
                const auto longer = append(*list, member, *change);
                merged.raw(member.name(), longer.changed ? longer.json : member.text());
            } else if (!change->is(json::kind::null)) {
                merged.raw(member.name(), change->text());
            }
        }
        for (auto member : sent.root()) {
            const bool is_new = !held.root().find(member.name());
            if (is_new && !member.is(json::kind::null)) merged.raw(member.name(), member.text());
        }
        text_ = merged.finish();
        return true;
    }

private:
    bool is_stale(const std::string& body) const
    {
        return !text_.empty() && updated_in(*json::parse(body)) < updated_in(*json::parse(text_));
    }

    std::string text_;
};

enum class memory_rule {
    remember_reading,  ///< as it is
    forget_reading,    ///< a PATCH is made from the last acknowledgement, whatever was read
};

struct model_options {
    memory_rule rule = memory_rule::remember_reading;
    /// Some writes keep last_updated as it was.
    bool repeats_last_updated = false;
    std::size_t max_served = 1000;
};

/// One session that changes, is pushed and pulled, step by step in any order.
class model {
public:
    model(unsigned seed, model_options options)
        : random_(seed), options_(options), memory_(1'000'000, options.max_served)
    {
        write();
    }

    /// Does one of the things that can be done now.
    void step()
    {
        for (;;) {
            switch (pick(11)) {
                case 0:
                case 1: write(); return;
                case 2:
                    if (lose()) return;
                    break;
                case 3: begin_reading(); return;
                default:
                    if (go_on()) return;
            }
        }
    }

    /// A last change, and then everything that is on its way arrives, in any order.
    void settle()
    {
        const bool repeats = std::exchange(options_.repeats_last_updated, false);
        write();
        options_.repeats_last_updated = repeats;
        while (!is_settled()) (void)go_on();
    }

    bool is_settled() const
    {
        return mark_ == revision_ && !flight_ && readings_.empty() && pages_.empty() &&
               late_.empty();
    }

    bool is_equal() const { return !partner_.text().empty() && are_same(partner_.text(), ours_); }

    /// Both sides name the same last_updated: then a partner cannot tell which state is newer.
    bool is_undecidable() const
    {
        return updated_in(*json::parse(partner_.text())) == updated_in(*json::parse(ours_));
    }

    int patches() const { return patches_; }

    std::string describe() const { return "ours " + ours_ + ", theirs " + partner_.text(); }

private:
    struct message {
        bool is_patch = false;
        std::string body;
        std::string text;  ///< the whole session as it is by this message
        session_state state;
        std::optional<session_state> base;
        bool is_delivered = false;
        bool is_taken = false;
    };

    /// A state that a request of the partner has read from the store.
    struct reading {
        std::string text;
        session_state state;
    };

    unsigned pick(unsigned below) { return static_cast<unsigned>(random_()) % below; }

    /// Something that was begun goes a step further; false when that cannot be.
    bool go_on()
    {
        switch (pick(6)) {
            case 0: return begin_push();
            case 1: return deliver();
            case 2: return end_push();
            case 3: return answer_reading();
            case 4: return deliver_page();
            default: return deliver_late();
        }
    }

    void write()
    {
        const bool stays = options_.repeats_last_updated && revision_ > 0 && pick(3) == 0;
        if (!stays) ++minute_;
        ++revision_;
        if (pick(2) == 0) cost_ = static_cast<int>(pick(3));
        if (pick(3) == 0) meter_ = static_cast<int>(pick(3));
        if (pick(3) == 0) is_command_ = !is_command_;
        if (pick(4) == 0) ++periods_;
        std::vector<ocpi::test::member> members;
        members.emplace_back("auth_method", is_command_ ? R"("COMMAND")" : R"("WHITELIST")");
        if (cost_ > 0) members.emplace_back("total_cost", std::to_string(cost_));
        if (meter_ > 0) members.emplace_back("meter_id", '"' + std::to_string(meter_) + '"');
        if (periods_ > 0) members.emplace_back("charging_periods", write_periods());
        const auto minute = std::to_string(1000 + minute_);
        members.emplace_back("last_updated", "\"2024-01-01T1" + minute.substr(1, 1) + ':' +
                                                 minute.substr(2) + ":00Z\"");
        ours_ = ocpi::test::write_object(members);
    }

    std::string write_periods() const
    {
        std::string list;
        for (int i = 0; i < periods_; ++i) {
            list += (i == 0 ? "[" : ",") + std::string(R"({"start_date_time":"2024-01-01T10:)") +
                    std::to_string(10 + i) + R"(:00Z","dimensions":[]})";
        }
        return list + ']';
    }

    session_state state() const { return {revision_, updated_in(*json::parse(ours_))}; }

    static session_at_partner place()
    {
        session_at_partner at;
        at.partner = "emp";
        at.emsp = "DE*EMP";
        at.session = "S1";
        return at;
    }

    bool begin_push()
    {
        if (flight_ || mark_ == revision_) return false;
        const auto base = memory_.take_base(place(), mark_);
        const auto chosen =
            choose_message(base ? &base->document : nullptr, *json::parse(ours_), false);
        message next;
        next.text = ours_;
        next.state = state();
        next.is_patch = chosen.patch.has_value();
        next.body = chosen.patch.value_or(ours_);
        if (next.is_patch) next.base = base->state;
        if (next.is_patch) ++patches_;
        flight_ = std::move(next);
        return true;
    }

    void give(message& given)
    {
        given.is_taken =
            given.is_patch ? partner_.take_patch(given.body) : partner_.take_whole(given.body);
        given.is_delivered = true;
    }

    bool deliver()
    {
        if (!flight_ || flight_->is_delivered) return false;
        give(*flight_);
        return true;
    }

    bool end_push()
    {
        if (!flight_ || !flight_->is_delivered) return false;
        auto ended = std::move(*flight_);
        flight_.reset();
        if (!ended.is_taken) {
            if (!ended.is_patch) return true;  // refused: another attempt, as it is then
            if (!are_same(partner_.text(), ended.text)) {
                ended.is_patch = false;
                ended.body = ended.text;
                ended.base.reset();
                ended.is_delivered = false;
                flight_ = std::move(ended);
                return true;
            }
        }
        if (ended.base && memory_.is_overtaken(place(), *ended.base, ended.state)) return true;
        mark_ = ended.state.revision;
        memory_.acknowledge(place(), ended.state, ended.text);
        return true;
    }

    /// We hear nothing of the message: it was taken, or it comes late, or never.
    bool lose()
    {
        if (!flight_) return false;
        if (options_.rule == memory_rule::remember_reading) {
            memory_.leave_open(place(), flight_->state);
        }
        if (!flight_->is_delivered && pick(3) > 0) late_.push_back(std::move(*flight_));
        flight_.reset();
        return true;
    }

    bool deliver_late()
    {
        if (late_.empty()) return false;
        give(late_.front());
        late_.erase(late_.begin());
        return true;
    }

    void begin_reading() { readings_.push_back(reading{ours_, state()}); }

    bool answer_reading()
    {
        if (readings_.empty()) return false;
        const auto which = readings_.begin() + pick(static_cast<unsigned>(readings_.size()));
        if (options_.rule == memory_rule::remember_reading) {
            memory_.serve("DE*EMP", "S1", which->state);
        }
        pages_.push_back(std::move(which->text));
        readings_.erase(which);
        return true;
    }

    bool deliver_page()
    {
        if (pages_.empty()) return false;
        const auto which = pages_.begin() + pick(static_cast<unsigned>(pages_.size()));
        (void)partner_.take_whole(*which);
        pages_.erase(which);
        return true;
    }

    std::mt19937 random_;
    model_options options_;
    partner_memory memory_;
    receiver partner_;
    std::optional<crud::revision> mark_;
    std::optional<message> flight_;
    std::vector<message> late_;
    std::vector<reading> readings_;
    std::vector<std::string> pages_;
    std::string ours_;
    crud::revision revision_ = 0;
    int minute_ = 0;
    int cost_ = 0;
    int meter_ = 0;
    int periods_ = 0;
    bool is_command_ = false;
    int patches_ = 0;
};

struct tally {
    int differences = 0;
    int patches = 0;
};

/// Plays it through so many times; `is_sound` judges whenever nothing is on its way.
tally play(unsigned seed, int rounds, model_options options, bool is_checked)
{
    tally found;
    for (int round = 0; round < rounds; ++round) {
        const auto own_seed = seed + static_cast<unsigned>(round);
        model one(own_seed, options);
        for (int step = 0; step < 24; ++step) {
            one.step();
            if (!is_checked || !one.is_settled() || one.is_equal()) continue;
            INFO("seed ", own_seed, " step ", step, ": ", one.describe());
            CHECK(options.repeats_last_updated);
            CHECK(one.is_undecidable());
        }
        one.settle();
        if (!one.is_equal()) ++found.differences;
        if (is_checked) {
            INFO("seed ", own_seed, ": ", one.describe());
            CHECK(one.is_equal());
        }
        found.patches += one.patches();
    }
    return found;
}

session_at_partner some_place()
{
    session_at_partner at;
    at.partner = "emp";
    at.emsp = "DE*EMP";
    at.session = "S1";
    return at;
}

const std::string some_text = R"({"last_updated":"2024-01-01T10:00:00Z"})";

date_time at_minute(int minute)
{
    const auto ten = parse_date_time("2024-01-01T10:00:00Z")->value;
    return date_time::from_milliseconds(ten.milliseconds() + minute * 60'000);
}

}  // namespace

TEST_CASE("modules/exchange/partner_memory: whatever is pushed and pulled, both sides end equal")
{
    const auto seed = std::random_device{}();
    MESSAGE("seed ", seed);
    const auto found = play(seed, 1000, model_options(), true);
    CHECK(found.patches > 300);
}

TEST_CASE("modules/exchange/partner_memory: the same where writes keep last_updated")
{
    const auto seed = std::random_device{}();
    MESSAGE("seed ", seed);
    model_options options;
    options.repeats_last_updated = true;
    const auto found = play(seed, 1000, options, true);
    CHECK(found.patches > 200);
}

TEST_CASE("modules/exchange/partner_memory: the same where nothing that is read is remembered")
{
    const auto seed = std::random_device{}();
    MESSAGE("seed ", seed);
    model_options options;
    options.max_served = 0;
    const auto found = play(seed, 500, options, true);
    CHECK(found.patches > 50);
}

TEST_CASE("modules/exchange/partner_memory: without regard to what is read the model finds faults")
{
    model_options options;
    options.rule = memory_rule::forget_reading;
    CHECK(play(1, 500, options, false).differences > 0);
}

TEST_CASE("modules/exchange/partner_memory: a PATCH is made of what was acknowledged, once")
{
    partner_memory memory(10'000, 10);
    const auto at = some_place();
    CHECK_FALSE(memory.take_base(at, 1));
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    CHECK(memory.revision_at(at) == 1);
    CHECK(memory.take_base(at, 1)->document.text() == some_text);
    CHECK_FALSE(memory.take_base(at, 1));
    CHECK_FALSE(memory.revision_at(at));
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    CHECK_FALSE(memory.take_base(at, 2));
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    CHECK_FALSE(memory.take_base(at, std::nullopt));
}

TEST_CASE("modules/exchange/partner_memory: no PATCH once a newer state was read or left open")
{
    partner_memory memory(10'000, 10);
    const auto at = some_place();
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    memory.serve(at.emsp, at.session, session_state(1, at_minute(0)));
    CHECK(memory.take_base(at, 1));
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    memory.serve(at.emsp, at.session, session_state(2, at_minute(1)));
    CHECK_FALSE(memory.take_base(at, 1));
    memory.acknowledge(at, session_state(1, at_minute(0)), some_text);
    memory.leave_open(at, session_state(2, at_minute(0)));
    CHECK_FALSE(memory.take_base(at, 1));
}

}  // namespace partner_memory_test
