#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::pricing {

/// The notes of a breakdown without repetition, in order of occurrence; at most a hundred.
class note_list {
public:
    void add(std::string note)
    {
        constexpr std::size_t max_notes = 100;
        if (notes_.size() >= max_notes) return;
        if (std::find(notes_.begin(), notes_.end(), note) != notes_.end()) return;
        notes_.push_back(std::move(note));
    }

    std::vector<std::string> take() { return std::move(notes_); }

private:
    std::vector<std::string> notes_;
};

}  // namespace ocpi::pricing
