#pragma once

#include "cost_fixture.hpp"

#include <map>

namespace ocpi::test {

/// A second opinion: what a session costs, reckoned as plainly as possible, every amount a
/// fraction, every item a line of its own. It knows one currency and sane numbers only.
class reference_price {
public:
    std::optional<rational> before = rational(0);
    std::optional<rational> after = rational(0);
    std::map<cost_dimension, rational> billed;

    reference_price(pricing::priced_session session, const tariff_list& tariffs,
                    const time_zone& zone)
        : session_(std::move(session)), tariffs_(tariffs), zone_(zone)
    {
        if (session_.status == sessions::session_status::invalid) return;
        std::stable_sort(
            session_.periods.begin(), session_.periods.end(),
            [](const auto& a, const auto& b) { return a.start_date_time < b.start_date_time; });
        if (session_.periods.empty()) session_.periods.push_back(period(*session_.start, {}));
        make_lines();
        round_lines();
        for (const auto& tariff : tariffs_) add_tariff(*tariff);
    }

private:
    struct line {
        const tariffs::tariff* tariff;
        const tariffs::price_component* component;
        cost_dimension dimension;
        rational volume;
        /// By how much it may be too high, rounded as it is.
        rational slack;
    };

    static std::optional<rational> volume_of(const sessions::charging_period& period,
                                             std::string_view type)
    {
        std::optional<rational> sum;
        for (const auto& dimension : period.dimensions) {
            if (dimension.type == type) sum = sum.value_or(0) + to_rational(dimension.volume);
        }
        return sum;
    }

    static rational slack_of(const sessions::charging_period& period, std::string_view type)
    {
        rational sum = 0;
        if (!type.ends_with("TIME")) return sum;
        for (const auto& dimension : period.dimensions) {
            if (dimension.type != type) continue;
            const auto text = to_text(dimension.volume);
            const auto point = text.find('.');
            auto places = point == std::string::npos ? 0 : text.size() - point - 1;
            places = std::max<std::size_t>(places, dimension.written_places);
            rational unit = 1;
            for (std::size_t i = 0; i < places; ++i) unit /= 10;
            if (places >= 4) sum += unit / 2;
        }
        return sum;
    }

    static bool is_above_0(const std::optional<rational>& volume) { return volume && *volume != 0; }

    static bool charges(const sessions::charging_period& period)
    {
        return is_above_0(volume_of(period, "ENERGY")) || is_above_0(volume_of(period, "TIME")) ||
               is_above_0(volume_of(period, "PARKING_TIME"));
    }

    const tariffs::tariff* tariff_of(const sessions::charging_period& period) const
    {
        if (!period.tariff_id) return tariffs_.size() == 1 ? tariffs_[0].get() : nullptr;
        for (const auto& tariff : tariffs_) {
            if (tariff->id == *period.tariff_id) return tariff.get();
        }
        return nullptr;
    }

    void make_lines()
    {
        bool has_reserved = false;
        bool has_charged = false;
        for (const auto& one : session_.periods) {
            has_reserved = has_reserved || is_above_0(volume_of(one, "RESERVATION_TIME"));
            has_charged = has_charged || charges(one);
        }
        const bool expired =
            session_.status == sessions::session_status::completed && has_reserved && !has_charged;
        bool fee_due = true;
        bool reservation_fee_due = true;
        for (index_ = 0; index_ < session_.periods.size(); ++index_) {
            const auto& now = session_.periods[index_];
            const auto* tariff = tariff_of(now);
            const auto reserved = volume_of(now, "RESERVATION_TIME");
            const bool is_reservation =
                session_.status == sessions::session_status::reservation || is_above_0(reserved) ||
                (reserved && !volume_of(now, "ENERGY") && !volume_of(now, "TIME") &&
                 !volume_of(now, "PARKING_TIME"));
            if (tariff) {
                used_.push_back(tariff);
                using d = tariffs::tariff_dimension;
                if (is_reservation && reservation_fee_due) {
                    reservation_fee_due =
                        !add(tariff, d::flat, cost_dimension::reservation, 1, true, expired);
                }
                add(tariff, d::time, cost_dimension::reservation, reserved, true, expired,
                    slack_of(now, "RESERVATION_TIME"));
                if (!expired && (charges(now) || !is_reservation) && fee_due) {
                    fee_due = !add(tariff, d::flat, cost_dimension::flat, 1, false, false);
                }
                add(tariff, d::energy, cost_dimension::energy, volume_of(now, "ENERGY"), false,
                    false);
                add(tariff, d::time, cost_dimension::time, volume_of(now, "TIME"), false, false,
                    slack_of(now, "TIME"));
                add(tariff, d::parking_time, cost_dimension::parking_time,
                    volume_of(now, "PARKING_TIME"), false, false, slack_of(now, "PARKING_TIME"));
            }
            kwh_ += volume_of(now, "ENERGY").value_or(0);
        }
    }

    bool add(const tariffs::tariff* tariff, tariffs::tariff_dimension type,
             cost_dimension dimension, const std::optional<rational>& volume, bool reservation,
             bool expired, const rational& slack = 0)
    {
        using tariffs::reservation_restriction;
        if (!is_above_0(volume)) return false;
        std::vector<std::optional<reservation_restriction>> kinds;
        if (expired) kinds.emplace_back(reservation_restriction::reservation_expires);
        if (reservation) kinds.emplace_back(reservation_restriction::reservation);
        if (!reservation) kinds.emplace_back();
        for (const auto& kind : kinds) {
            for (const auto& element : tariff->elements) {
                const auto& limits = element.restrictions;
                const auto own = limits ? limits->reservation : std::nullopt;
                if (own != kind || (limits && !matches(*limits))) continue;
                for (const auto& component : element.price_components) {
                    if (component.type != type) continue;
                    lines_.push_back({tariff, &component, dimension, *volume, slack});
                    return true;
                }
            }
        }
        return false;
    }

    bool matches(const tariffs::tariff_restrictions& wanted) const
    {
        using namespace std::chrono;
        const auto& now = session_.periods[index_];
        const auto shown = zone_.local(now.start_date_time);
        const auto day = floor<days>(shown);
        const auto minute = duration_cast<minutes>(shown - day);
        if (wanted.start_time || wanted.end_time) {
            const auto start = wanted.start_time.value_or(0min);
            auto end = wanted.end_time.value_or(24h);
            if (end == 0min) end = 24h;
            bool inside = false;
            if (start < end) inside = minute >= start && minute < end;
            if (start > end) inside = minute >= start || minute < end;
            if (!inside) return false;
        }
        if (wanted.start_date && year_month_day(day) < *wanted.start_date) return false;
        if (wanted.end_date && year_month_day(day) >= *wanted.end_date) return false;
        const bool any_day = wanted.day_of_week == std::array<bool, 7>{};
        if (!any_day && !wanted.day_of_week[weekday(day).c_encoding()]) return false;
        const auto elapsed = now.start_date_time.instant() - session_.start->instant();
        if (wanted.min_duration && elapsed < *wanted.min_duration) return false;
        if (wanted.max_duration && elapsed >= *wanted.max_duration) return false;
        if (wanted.min_kwh && kwh_ < to_rational(*wanted.min_kwh)) return false;
        if (wanted.max_kwh && kwh_ >= to_rational(*wanted.max_kwh)) return false;
        return loads_match(wanted);
    }

    bool loads_match(const tariffs::tariff_restrictions& wanted) const
    {
        const auto current = [this](auto first, auto last) {
            return first_of({first, "CURRENT", last});
        };
        const auto power = [this](auto first, auto last) {
            auto sent = first_of({first, "POWER", last});
            return sent ? sent : reckoned_power();
        };
        return above(current("MIN_CURRENT", "MAX_CURRENT"), wanted.min_current) &&
               below(current("MAX_CURRENT", "MIN_CURRENT"), wanted.max_current) &&
               above(power("MIN_POWER", "MAX_POWER"), wanted.min_power) &&
               below(power("MAX_POWER", "MIN_POWER"), wanted.max_power);
    }

    static bool above(const std::optional<rational>& value, const std::optional<decimal>& bound)
    {
        return !value || !bound || *value >= to_rational(*bound);
    }

    static bool below(const std::optional<rational>& value, const std::optional<decimal>& bound)
    {
        return !value || !bound || *value < to_rational(*bound);
    }

    std::optional<rational> first_of(const std::vector<std::string>& types) const
    {
        for (const auto& type : types) {
            if (auto sent = volume_of(session_.periods[index_], type)) return sent;
        }
        return {};
    }

    std::optional<rational> reckoned_power() const
    {
        const auto& periods = session_.periods;
        const auto energy = volume_of(periods[index_], "ENERGY");
        const auto end = index_ + 1 < periods.size()
                             ? std::optional(periods[index_ + 1].start_date_time)
                             : session_.end;
        if (!energy || !end) return {};
        const auto length = end->milliseconds() - periods[index_].start_date_time.milliseconds();
        if (length <= 0) return {};
        return *energy * 3'600'000 / length;
    }

    void round_lines()
    {
        if (used_.empty()) return;
        const auto is_parking = [this](const line& one) {
            return one.dimension == cost_dimension::parking_time;
        };
        round_lines(cost_dimension::energy, 1000);
        if (std::any_of(lines_.begin(), lines_.end(), is_parking)) {
            round_lines(cost_dimension::parking_time, 3600);
        } else {
            round_lines(cost_dimension::time, 3600);
        }
        round_lines(cost_dimension::reservation, 3600);
    }

    void round_lines(cost_dimension dimension, int per_unit)
    {
        std::vector<line*> ours;
        line* last = nullptr;
        rational total = 0;
        rational slack = 0;
        for (auto& one : lines_) {
            if (one.tariff != used_.back() || one.dimension != dimension) continue;
            if (one.component->type == tariffs::tariff_dimension::flat) continue;
            ours.push_back(&one);
            total += one.volume;
            slack += one.slack;
            if (one.volume > 0) last = &one;
        }
        if (!last || last->component->step_size <= 0 || total <= 0) return;
        const rational step = rational(last->component->step_size) / per_unit;
        const rational many = total / step;
        const boost::multiprecision::cpp_int steps = numerator(many) / denominator(many);
        const rational below = rational(steps) * step;
        rational over = total - below;
        const bool is_below = (steps > 0 && over <= slack) || over <= step / 1'000'000'000;
        if (over == 0) return;
        if (!is_below) {
            last->volume += step - over;
            return;
        }
        for (auto one = ours.rbegin(); one != ours.rend(); ++one) {
            if ((*one)->volume <= 0) continue;
            const rational part = (*one)->volume < over ? (*one)->volume : over;
            (*one)->volume -= part;
            over -= part;
        }
    }

    void add_tariff(const tariffs::tariff& tariff)
    {
        using tariffs::tax_included;
        if (std::find(used_.begin(), used_.end(), &tariff) == used_.end()) return;
        bool names_vat = false;
        for (const auto& element : tariff.elements) {
            for (const auto& component : element.price_components) {
                names_vat = names_vat || component.vat;
            }
        }
        std::optional<rational> net = rational(0);
        std::optional<rational> gross = rational(0);
        for (const auto& one : lines_) {
            if (one.tariff != &tariff) continue;
            if (one.component->type != tariffs::tariff_dimension::flat ||
                one.dimension == cost_dimension::flat) {
                billed[one.dimension] += one.volume;
            }
            const rational amount = one.volume * to_rational(one.component->price);
            const bool has_rate = tariff.tax_included != tax_included::not_applicable;
            const rational factor =
                one.component->vat && has_rate ? 1 + to_rational(*one.component->vat) / 100 : 1;
            const bool is_unknown = has_rate && !one.component->vat && amount != 0 && !names_vat;
            const bool is_gross = tariff.tax_included == tax_included::yes;
            add(net, is_gross ? rational(amount / factor) : amount, is_unknown && is_gross);
            add(gross, is_gross ? amount : rational(amount * factor), is_unknown && !is_gross);
        }
        limit(tariff, net, gross);
        add(before, net.value_or(0), !net);
        add(after, gross.value_or(0), !gross);
    }

    static void add(std::optional<rational>& sum, const rational& part, bool is_unknown)
    {
        if (is_unknown) sum.reset();
        if (sum) *sum += part;
    }

    static void limit(const tariffs::tariff& tariff, std::optional<rational>& net,
                      std::optional<rational>& gross)
    {
        const bool no_taxes = tariff.tax_included == tariffs::tax_included::not_applicable;
        bool bound = false;
        const auto each = [&](auto what) {
            if (tariff.min_price) what(*tariff.min_price, true);
            if (tariff.max_price) what(*tariff.max_price, false);
        };
        each([&](const tariffs::price_limit& to, bool is_min) {
            const auto value = to_rational(to.before_taxes);
            if (!net || (is_min ? *net >= value : *net <= value)) return;
            bound = true;
            if (gross && (no_taxes || !to.after_taxes)) {
                gross = *net == 0 ? value : rational(*gross * value / *net);
            }
            net = value;
        });
        each([&](const tariffs::price_limit& to, bool is_min) {
            if (no_taxes || !to.after_taxes || !gross) return;
            const auto value = to_rational(*to.after_taxes);
            if (is_min ? *gross >= value : *gross <= value) return;
            bound = true;
            gross = value;
        });
        if (bound && net && gross && *gross < *net) gross = net;
    }

    pricing::priced_session session_;
    const tariff_list& tariffs_;
    const time_zone& zone_;
    std::size_t index_ = 0;
    rational kwh_ = 0;
    std::vector<line> lines_;
    std::vector<const tariffs::tariff*> used_;
};

}  // namespace ocpi::test
