#ifndef KDC_H
#define KDC_H

/*
 * A KDC for one test program (kdc.sh): its folder, and its environment in ours.
 */
struct kdc {
    char dir[256];
};

/* 0, or why not, for skip(). */
const char *kdc_start(struct kdc *kdc);
void kdc_stop(struct kdc *kdc);

/* End the KDC, but keep the folder. */
void kdc_halt(struct kdc *kdc);

/* The path of a file in its folder; good until the next call. */
const char *kdc_path(const struct kdc *kdc, const char *name);

#endif
