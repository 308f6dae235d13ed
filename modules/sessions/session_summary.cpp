#include "modules/sessions/session_summary.hpp"

#include "crud/search.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/rational.hpp"

namespace ocpi::sessions {
namespace {

/// The members of a Session as a PATCH leaves them.
class members {
public:
    members(json::value session, std::optional<json::value> patch)
        : session_(session), patch_(patch)
    {
    }

    std::optional<json::value> find(std::string_view name) const
    {
        const auto sent = patch_ ? patch_->find(name) : std::nullopt;
        const auto found = sent ? sent : session_.find(name);
        if (found && found->is(json::kind::null)) return std::nullopt;
        return found;
    }

    std::string_view string(std::string_view name) const
    {
        const auto found = find(name);
        return found ? found->string() : std::string_view();
    }

private:
    json::value session_;
    std::optional<json::value> patch_;
};

std::string_view category_of(std::string_view status)
{
    if (status == "COMPLETED") return awaiting_sessions;
    if (status == "PENDING" || status == "RESERVATION") return pending_sessions;
    return status == "INVALID" ? invalid_sessions : live_sessions;
}

std::optional<decimal> number_of(std::optional<json::value> of)
{
    if (!of || !of->is(json::kind::number)) return std::nullopt;
    auto number = decimal::parse(of->text());
    if (!number || !number->fits(max_rational_places)) return std::nullopt;
    return number;
}

std::optional<std::int64_t> energy_of(std::optional<json::value> kwh)
{
    const auto number = number_of(kwh);
    if (!number) return std::nullopt;
    return number->is_negative() ? 0 : crud::to_millionths(*number);
}

/// [types, Price]
std::optional<std::int64_t> cost_of(std::optional<json::value> price)
{
    if (!price) return std::nullopt;
    auto cost = number_of(price->find("before_taxes"));
    if (!cost) return std::nullopt;
    const auto taxes = price->find("taxes");
    if (taxes && taxes->is(json::kind::array)) {
        for (const auto tax : *taxes) {
            const auto amount = number_of(tax.find("amount"));
            if (!amount) return std::nullopt;
            cost = *cost + *amount;
        }
    }
    return crud::to_millionths(*cost);
}

}  // namespace

crud::summary summarize(json::value session, std::optional<json::value> patch)
{
    const members of(session, patch);
    crud::summary summary;
    summary.category = category_of(of.string("status"));
    if (const auto start = parse_date_time(of.string("start_date_time"))) {
        summary.started_at = start->value;
    }
    summary.kwh = energy_of(of.find("kwh"));
    summary.cost = cost_of(of.find("total_cost"));
    summary.currency = of.string("currency");
    std::string text(session.find_string("id"));
    for (const char* name : {"location_id", "evse_uid"}) {
        text.append("\n").append(of.string(name));
    }
    const auto token = of.find("cdr_token");
    for (const char* name : {"contract_id", "uid"}) {
        text += '\n';
        if (token) text += token->find_string(name);
    }
    summary.search_text = search_text_of(text);
    return summary;
}

std::string search_text_of(std::string_view text)
{
    return fold_case(text);
}

}  // namespace ocpi::sessions
