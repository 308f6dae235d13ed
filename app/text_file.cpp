#include "app/text_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace ocpi::app {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

std::optional<std::string> read_text_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) return {};
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) return {};
    auto read = text.str();
    if (read.starts_with(byte_order_mark)) read.erase(0, byte_order_mark.size());
    return read;
}

}  // namespace ocpi::app
