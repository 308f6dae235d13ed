#include "app/simulate/simulated_session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace simulated_session_test {

using namespace ocpi;
using namespace ocpi::app::simulate;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

/// One EVSE of 7.4 kW and a vehicle of 50 kWh, plugged in at 18:00 local time for twelve hours.
struct world {
    explicit world(defect flaw = defect::none)
    {
        scenario like = *find_scenario("overnight");
        of = make_fleet(like, party("ES", "ABC"), 1, random_source(1));
        of.evses[0].max_power_w = 7'400;
        of.evses[0].phases = 1;
        of.vehicles[0].battery_wh = 50'000;
        of.vehicles[0].max_ac_power_w = 7'400;
        session_course course;
        course.id = "S1";
        course.stay = hours(12);
        course.level_wh = 10'000;
        course.max_level_wh = 50'000;
        course.flaw = flaw;
        session.emplace(of, of.evses[0], of.vehicles[0], course, std::nullopt, plug_in,
                        random_source(2));
    }

    /// Lets the session go on; returns its energy then.
    std::int64_t run_until(date_time until)
    {
        for (auto next = session->next(); next && *next <= until; next = session->next()) {
            (void)session->advance(*next);
        }
        return session->energy_wh();
    }
    date_time after(std::chrono::milliseconds time) const
    {
        return date_time(plug_in.instant() + time);
    }

    const date_time plug_in = parse_date_time("2026-06-01T16:00:00Z")->value;
    fleet of;
    std::optional<simulated_session> session;
};

accepted_preferences preferences(const std::string& profile)
{
    accepted_preferences wanted;
    wanted.profile_type = profile;
    return wanted;
}

}  // namespace

TEST_CASE("app/simulate/simulated_session: charges at once, and tapers at the end")
{
    world home;
    const auto after_an_hour = home.run_until(home.after(hours(1)));
    CHECK(after_an_hour > 6'500);
    CHECK(after_an_hour <= 7'400);
    CHECK(home.run_until(home.after(hours(11))) == 40'000);
    CHECK_FALSE(home.session->is_charging());
    CHECK(home.session->status() == "ACTIVE");
    home.run_until(home.after(hours(12)));
    CHECK(home.session->status() == "COMPLETED");
    CHECK(home.session->has_left());
    CHECK_FALSE(home.session->next());
}

TEST_CASE("app/simulate/simulated_session: DC tapers above 60 percent")
{
    world home;
    auto at = home.of.evses[0];
    at.is_dc = true;
    at.max_power_w = 150'000;
    auto driven = home.of.vehicles[0];
    driven.max_dc_power_w = 100'000;
    CHECK(charging_power_w(at, driven, 30'000) == 100'000);
    CHECK(charging_power_w(at, driven, 40'000) == 57'500);
    CHECK(charging_power_w(at, driven, 50'000) == 0);
}

TEST_CASE("app/simulate/simulated_session: REGULAR stops when the energy that is needed is there")
{
    world home;
    home.run_until(home.after(hours(1)));
    auto wanted = preferences("REGULAR");
    wanted.energy_need_wh = 5'000;
    const auto before = home.session->energy_wh();
    home.session->obey(wanted, home.after(hours(1)));
    const auto after = home.run_until(home.after(hours(4)));
    CHECK(after >= before + 5'000);
    CHECK(after < before + 5'200);
}

TEST_CASE("app/simulate/simulated_session: CHEAP waits for the night, FAST does not")
{
    world home;
    home.run_until(home.after(minutes(10)));
    home.session->obey(preferences("CHEAP"), home.after(minutes(10)));
    const auto before = home.session->energy_wh();
    // 23:00 in Madrid is 21:00 UTC, five hours after the plug-in.
    CHECK(home.run_until(home.after(hours(4))) == before);
    CHECK(home.run_until(home.after(hours(6))) > before + 5'000);

    world other;
    other.run_until(other.after(minutes(10)));
    other.session->obey(preferences("FAST"), other.after(minutes(10)));
    CHECK(other.run_until(other.after(hours(2))) > 12'000);
}

TEST_CASE("app/simulate/simulated_session: a departure time moves the end")
{
    world home;
    home.run_until(home.after(hours(1)));
    auto wanted = preferences("FAST");
    wanted.departure_time = home.after(hours(2));
    home.session->obey(wanted, home.after(hours(1)));
    home.run_until(home.after(hours(2)));
    CHECK(home.session->status() == "COMPLETED");
}

TEST_CASE("app/simulate/simulated_session: energy flows in the blocks of a plan only")
{
    world home;
    home.run_until(home.after(minutes(1)));
    const auto before = home.session->energy_wh();
    home.session->follow({{home.after(hours(3)), home.after(hours(4))}});
    CHECK(home.run_until(home.after(hours(3))) - before <= 700);
    const auto begun = home.session->energy_wh();
    const auto after = home.run_until(home.after(hours(6)));
    CHECK(after - begun >= 7'300);
    CHECK(after - begun <= 7'500);
}

TEST_CASE("app/simulate/simulated_session: what stays PENDING never charges")
{
    world stuck(defect::stays_pending);
    CHECK(stuck.run_until(stuck.after(hours(20))) == 0);
    CHECK(stuck.session->status() == "PENDING");
    world invalid(defect::becomes_invalid);
    invalid.run_until(invalid.after(hours(20)));
    CHECK(invalid.session->status() == "INVALID");
}

TEST_CASE("app/simulate/simulated_session: each defect shows in the Session")
{
    world no_reading(defect::no_final_reading);
    no_reading.run_until(no_reading.after(hours(13)));
    CHECK(no_reading.session->document().find("Transaction.End") == std::string::npos);
    world reset(defect::register_resets);
    reset.run_until(reset.after(hours(13)));
    CHECK(reset.session->document().find(R"("value":"0","context":"Sample.Periodic",)"
                                         R"("measurand":"Energy.Active.Import.Register")") !=
          std::string::npos);
    world in_wh(defect::energy_in_wh);
    in_wh.run_until(in_wh.after(hours(1)));
    CHECK(in_wh.session->document().find(R"({"type":"ENERGY","volume":616})") != std::string::npos);
    world off(defect::clock_is_off);
    off.run_until(off.after(hours(1)));
    CHECK(off.session->document().find("2026-06-01T16:00:00Z") == std::string::npos);
}

TEST_CASE("app/simulate/simulated_session: a repair is the whole Session, in place of the rest")
{
    world home;
    home.run_until(home.after(hours(2)));
    const auto repair = home.session->repair();
    CHECK(repair.is_put);
    CHECK(repair.body == home.session->document());
    CHECK(home.session->flush(home.after(hours(2))).empty());
}

}  // namespace simulated_session_test
