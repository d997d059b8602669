/* The same integers sorted twice, in place by quicksort and through a second array by mergesort. */
#include "workloads/workload.h"

#include <stdbool.h>

enum { COUNT = 30000, SMALL = 12 };

static uint32_t numbers[COUNT], quick[COUNT], merged[COUNT], spare[COUNT];

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t old = *a;
    *a = *b;
    *b = old;
}

static void insertion_sort(uint32_t *v, int count)
{
    for (int i = 1; i < count; i++) {
        uint32_t value = v[i];
        int j = i;
        for (; j > 0 && v[j - 1] > value; j--)
            v[j] = v[j - 1];
        v[j] = value;
    }
}

/* Leaves the median of first, middle and last in the middle. */
static uint32_t median(uint32_t *v, int count)
{
    uint32_t *middle = v + count / 2, *last = v + count - 1;
    if (*middle < v[0])
        swap(middle, v);
    if (*last < v[0])
        swap(last, v);
    if (*last < *middle)
        swap(last, middle);
    return *middle;
}

static void quicksort(uint32_t *v, int count)
{
    while (count > SMALL) {
        uint32_t pivot = median(v, count);
        int low = 0, high = count - 1;
        while (low <= high) {
            while (v[low] < pivot)
                low++;
            while (v[high] > pivot)
                high--;
            if (low <= high)
                swap(&v[low++], &v[high--]);
        }
        quicksort(v, high + 1);
        v += low;
        count -= low;
    }
    insertion_sort(v, count);
}

static void merge(uint32_t *to, const uint32_t *from, int left, int middle, int right)
{
    int i = left, j = middle;
    for (int k = left; k < right; k++) {
        bool take_left = i < middle && (j >= right || from[i] <= from[j]);
        to[k] = take_left ? from[i++] : from[j++];
    }
}

/* Bottom up: runs of 1, 2, 4 ...; returns the array the result ended in. */
static uint32_t *mergesort(uint32_t *from, uint32_t *to, int count)
{
    for (int run = 1; run < count; run *= 2) {
        for (int left = 0; left < count; left += 2 * run) {
            int middle = left + run < count ? left + run : count;
            int right = left + 2 * run < count ? left + 2 * run : count;
            merge(to, from, left, middle, right);
        }
        uint32_t *old = from;
        from = to;
        to = old;
    }
    return from;
}

static bool is_sorted(const uint32_t *v, int count)
{
    for (int i = 1; i < count; i++)
        if (v[i - 1] > v[i])
            return false;
    return true;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 2, sum = 0;
    bool good = true;

    for (uint32_t round = 0; round < scale; round++) {
        for (int i = 0; i < COUNT; i++)
            numbers[i] = random_below(&seed, 1u << 24);
        memcpy(quick, numbers, sizeof numbers);
        memcpy(merged, numbers, sizeof numbers);
        quicksort(quick, COUNT);
        const uint32_t *result = mergesort(merged, spare, COUNT);
        good = good && is_sorted(quick, COUNT) && memcmp(quick, result, sizeof quick) == 0;
        for (int i = 0; i < COUNT; i++)
            sum = checksum_add(sum, quick[i]);
    }
    printf("sort %d numbers, %" PRIu32 " times: %s\n", COUNT, scale, good ? "sorted" : "WRONG");
    printf("smallest %" PRIu32 " median %" PRIu32 " largest %" PRIu32 "\n", quick[0],
           quick[COUNT / 2], quick[COUNT - 1]);
    printf("checksum %016" PRIx64 "\n", sum);
    return good ? 0 : 1;
}
