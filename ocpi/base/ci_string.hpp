#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace ocpi {

/// The upper-case form of ASCII text, the form in which keys are compared and stored.
std::string fold_case(std::string_view text);

/// True if both texts are equal apart from the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// True when every character is printable ASCII, 0x20 to 0x7E [OCPI types, CiString].
bool is_printable_ascii(std::string_view text) noexcept;

/// OCPI's CiString: compared case-insensitively, stored in its original case.
class ci_string {
public:
    ci_string() = default;
    explicit ci_string(std::string text) : text_(std::move(text)) {}

    const std::string& str() const noexcept { return text_; }
    std::string folded() const { return fold_case(text_); }
    bool empty() const noexcept { return text_.empty(); }

    friend bool operator==(const ci_string& a, const ci_string& b) noexcept
    {
        return equal_ignoring_case(a.text_, b.text_);
    }

private:
    std::string text_;
};

}  // namespace ocpi
