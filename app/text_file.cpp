#include "app/text_file.hpp"

#include "ocpi/json/byte_order_mark.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace ocpi::app {

std::optional<std::string> read_text_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) return {};
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) return {};
    return std::string(json::without_byte_order_mark(text.view()));
}

}  // namespace ocpi::app
