#include "modules/exchange/delivery.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

namespace delivery_test {

using namespace ocpi;
using exchange::delivery;
using exchange::delivery_of;
using exchange::delivery_target;
using exchange::is_acknowledged;

namespace {

const party ours("ES", "ABC");
const party emsp("DE", "EMP");

crud::record session_at(crud::revision revision, const char* owner = "ABC")
{
    crud::record made;
    made.document = crud::document(crud::object_key("ES", owner, "S1"), "{}", date_time(), emsp);
    made.revision = revision;
    return made;
}

/// The partner has everything up to revision 100.
delivery_target make_target()
{
    auto target = std::make_shared<exchange::push_target>();
    target->url = "https://emp.example/sessions";
    target->registration = "r1";
    target->emsps = {emsp};
    exchange::push_progress progress;
    progress.url = target->url;
    progress.registration = target->registration;
    progress.party_pairs = exchange::write_party_pairs({ours}, target->emsps);
    progress.revision = 100;
    progress.since = 7;
    delivery_target made;
    made.partner = "emp";
    made.target = std::move(target);
    made.progress = std::move(progress);
    return made;
}

std::optional<exchange::stored_acknowledgement> acknowledged(const std::string& partner,
                                                             crud::revision of_session,
                                                             crud::revision written)
{
    exchange::stored_acknowledgement made;
    made.value.partner = partner;
    made.value.revision = of_session;
    made.revision = written;
    return made;
}

}  // namespace

TEST_CASE("modules/exchange/delivery: what a partner's progress covers is with the partner")
{
    const auto target = make_target();
    CHECK(delivery_of(session_at(100), &target) == delivery::done);
    CHECK(delivery_of(session_at(101), &target) == delivery::unclear);
}

TEST_CASE(
    "modules/exchange/delivery: no partner must have a session without an eMSP of a partner, "
    "or of another CPO")
{
    const auto target = make_target();
    CHECK(delivery_of(session_at(101), nullptr) == delivery::not_due);
    CHECK(delivery_of(session_at(101, "BEC"), &target) == delivery::not_due);
}

TEST_CASE("modules/exchange/delivery: a session that the partner refuses is not with it")
{
    auto target = make_target();
    target.progress->rejected.emplace_back("es", "abc", "s1");
    CHECK(delivery_of(session_at(50), &target) == delivery::unclear);
}

TEST_CASE(
    "modules/exchange/delivery: what an earlier registration had is lacking, and so it is "
    "before the push has begun")
{
    auto target = make_target();
    target.progress->registration = "r0";
    CHECK(delivery_of(session_at(50), &target) == delivery::lacking);
    target = make_target();
    target.progress->url = "https://elsewhere.example/sessions";
    CHECK(delivery_of(session_at(50), &target) == delivery::lacking);
    target = make_target();
    target.progress->party_pairs = exchange::write_party_pairs({ours}, {party("DE", "OLD")});
    CHECK(delivery_of(session_at(50), &target) == delivery::lacking);
    target.progress.reset();
    CHECK(delivery_of(session_at(50), &target) == delivery::lacking);
}

TEST_CASE(
    "modules/exchange/delivery: an acknowledgement counts for its partner, its registration "
    "and a state that is not older")
{
    const auto target = make_target();
    CHECK(is_acknowledged(session_at(101), target, acknowledged("emp", 101, 110)));
    CHECK_FALSE(is_acknowledged(session_at(102), target, acknowledged("emp", 101, 110)));
    CHECK_FALSE(is_acknowledged(session_at(101), target, acknowledged("other", 101, 110)));
    CHECK_FALSE(is_acknowledged(session_at(5), target, acknowledged("emp", 6, 7)));
    CHECK_FALSE(is_acknowledged(session_at(101), target, std::nullopt));
}

}  // namespace delivery_test
