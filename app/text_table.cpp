#include "app/text_table.hpp"

#include <algorithm>
#include <cstddef>

namespace ocpi::app {

std::string write_table(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            text += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        }
        if (!row.empty()) text += row.back();
        text += '\n';
    }
    return text;
}

}  // namespace ocpi::app
