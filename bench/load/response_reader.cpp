#include "bench/load/response_reader.hpp"

#include <charconv>
#include <stdexcept>

#include <strings.h>

namespace ocpi::bench {
namespace {

constexpr std::size_t kept_tail = 64;

[[noreturn]] void refuse(std::string_view why)
{
    throw std::runtime_error("the server's answer " + std::string(why));
}

bool is_named(std::string_view line, std::string_view name)
{
    return line.size() > name.size() && line[name.size()] == ':' &&
           ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::size_t number_at(std::string_view text)
{
    std::size_t number = 0;
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) refuse("has no number where one is due");
    return number;
}

}  // namespace

void response_reader::reset()
{
    head_.clear();
    tail_.clear();
    has_head_ = is_chunked_ = false;
    status_ = 0;
    remaining_ = bytes_ = 0;
}

bool response_reader::take(std::string_view input)
{
    bytes_ += input.size();
    if (has_head_) return take_body(input);
    const auto before = head_.size();
    head_ += input;
    const auto end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == std::string::npos) {
        if (head_.size() > 64 * 1024) refuse("has a head without an end");
        return false;
    }
    read_head(std::string_view(head_).substr(0, end + 2));
    has_head_ = true;
    return take_body(input.substr(end + 4 - before));
}

void response_reader::read_head(std::string_view head)
{
    if (!head.starts_with("HTTP/1.1 ")) refuse("is not HTTP/1.1");
    status_ = static_cast<int>(number_at(head.substr(9)));
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        if (is_named(line, "Content-Length")) remaining_ = number_at(line.substr(15));
        if (is_named(line, "Transfer-Encoding")) is_chunked_ = true;
        head.remove_prefix(end + 2);
    }
}

bool response_reader::take_body(std::string_view input)
{
    if (input.size() >= kept_tail) {
        tail_ = input.substr(input.size() - kept_tail);
    } else {
        tail_ += input;
        if (tail_.size() > 2 * kept_tail) tail_.erase(0, tail_.size() - kept_tail);
    }
    if (is_chunked_) return false;
    if (input.size() > remaining_) refuse("is longer than its Content-Length");
    remaining_ -= input.size();
    return remaining_ == 0;
}

}  // namespace ocpi::bench
