#include "modules/pricing/breakdown_table.hpp"

#include "modules/pricing/taxes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ocpi::pricing {
namespace {

constexpr std::size_t columns = 6;
using row = std::array<std::string, columns>;

/// Columns as wide as their widest cell; the first two stand left, numbers right.
std::string align(const std::vector<row>& rows)
{
    std::array<std::size_t, columns> widths{};
    for (const auto& cells : rows) {
        for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], cells[i].size());
    }
    std::string text;
    for (const auto& cells : rows) {
        std::string line;
        for (std::size_t i = 0; i < columns; ++i) {
            const std::string padding(widths[i] - cells[i].size(), ' ');
            line += i < 2 ? cells[i] + padding : padding + cells[i];
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

class table {
public:
    table(const breakdown& of, unsigned places) : of_(of), places_(places) {}

    std::string write(const std::optional<comparison>& with_cpo) const
    {
        auto text = align(items()) + "\n" + align(totals());
        if (with_cpo) {
            text += "\nThe CPO's total_cost is " + money(with_cpo->before_taxes) +
                    " before taxes: " + with_cpo->explanation + ".\n";
        }
        for (const auto& note : of_.notes) text += "Note: " + note + ".\n";
        return text;
    }

private:
    std::string money(const decimal& amount) const
    {
        return to_text(rounded(to_rational(amount), places_), places_);
    }

    std::string money(const std::optional<rational>& amount) const
    {
        return amount ? to_text(rounded(*amount, places_), places_) : "unknown";
    }

    std::vector<row> items() const
    {
        std::vector<row> rows{{"period", "dimension", "volume", "billed", "price", "before taxes"}};
        for (const auto& period : of_.periods) {
            for (const auto& one : period.items) rows.push_back(item_row(period, one));
        }
        return rows;
    }

    row item_row(const priced_period& period, const billed_item& one) const
    {
        row cells{to_string(period.start),
                  std::string(to_string(one.dimension)),
                  to_text(one.volume),
                  "",
                  "free",
                  ""};
        if (!one.component) return cells;
        cells[3] = to_text(rounded(billed_volume(one), 4));
        cells[4] = to_text(one.component->price, 2);
        cells[5] = money(before_taxes(amount(one), *period.tariff, *one.component));
        return cells;
    }

    std::vector<row> totals() const
    {
        std::vector<row> rows;
        for (std::size_t i = 0; i < of_.dimensions.size(); ++i) {
            const auto& dimension = of_.dimensions[i];
            if (dimension.volume.is_zero() && dimension.before_taxes == rational(0)) continue;
            rows.push_back({"", std::string(to_string(static_cast<cost_dimension>(i))),
                            to_text(dimension.volume), to_text(rounded(dimension.billed_volume, 4)),
                            "", money(dimension.before_taxes)});
        }
        if (of_.before_limits != of_.before_taxes) {
            rows.push_back({"", "before limits", "", "", of_.currency, money(of_.before_limits)});
        }
        rows.push_back({"", "before taxes", "", "", of_.currency, money(of_.before_taxes)});
        for (const auto& tax : of_.taxes) {
            const auto rate = tax.percentage ? " " + to_text(*tax.percentage) + " %" : "";
            rows.push_back({"", tax.name + rate, "", "", "", money(tax.amount)});
        }
        rows.push_back({"", "after taxes", "", "", of_.currency, money(of_.after_taxes)});
        return rows;
    }

    const breakdown& of_;
    unsigned places_;
};

}  // namespace

std::string write_table(const breakdown& of, const std::optional<comparison>& with_cpo,
                        unsigned places)
{
    return table(of, places).write(with_cpo);
}

}  // namespace ocpi::pricing
