#pragma once

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace ocpi::server {

/// Received bytes not yet consumed. Views are valid until the next non-const call.
class input_buffer {
public:
    std::string_view view() const noexcept
    {
        return std::string_view(storage_).substr(begin_, end_ - begin_);
    }
    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }

    /// Space for `count` more bytes at the end.
    boost::asio::mutable_buffer prepare(std::size_t count)
    {
        if (begin_ != 0 && end_ + count > storage_.size()) {
            storage_.erase(0, begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ + count > storage_.size()) storage_.resize(end_ + count);
        return boost::asio::buffer(storage_.data() + end_, count);
    }

    /// Appends `count` bytes written to the space of prepare().
    void commit(std::size_t count) noexcept { end_ += count; }

    /// Drops `count` bytes from the front.
    void consume(std::size_t count) noexcept
    {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// Frees memory beyond `keep` bytes. Only while empty.
    void shrink(std::size_t keep)
    {
        if (storage_.capacity() > keep) std::string().swap(storage_);
    }

private:
    std::string storage_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace ocpi::server
